import { webhooks } from '#module/index.js';

export default webhooks;
