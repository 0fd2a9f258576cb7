import { parentPort, workerData } from 'node:worker_threads';
import { share } from '../doctor/shares.ts';
import { openSql } from '../doctor/sql/read.ts';
import { realFiles } from '../edge/files.ts';
import { openPlace, see, type ThreadOrder } from './audit-parts.ts';

// A thread of an audit: it does the shares of its number and posts what it saw.
const { order, thread, threads }: ThreadOrder = workerData;
const opened = openPlace(order, realFiles);
parentPort?.postMessage(see(order, opened, share(opened.files, threads)[thread] ?? [], await openSql()));
