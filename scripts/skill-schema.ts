import { writeFileSync } from 'node:fs';
import { skillSchema } from '../src/report/schemas.ts';

// Writes the manifest's JSON Schema, which is committed so that editors find it beside the skills.
const file = new URL('../templates/skill.schema.json', import.meta.url);
writeFileSync(file, `${JSON.stringify(skillSchema(), null, 2)}\n`);
