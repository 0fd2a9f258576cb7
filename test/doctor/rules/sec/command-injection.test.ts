import { commandInjection } from '../../../../src/doctor/rules/sec/command-injection.ts';
import { ruleTest } from '../../rule.ts';

const app = (head: string, body: string) => ({
  files: {
    'src/app.ts': `import express from 'express';\n${head}\nconst app = express();\napp.post('/ping', async (req, res) => {\n${body}\n});\n`,
  },
});

ruleTest(commandInjection, {
  hits: {
    'a name that keeps its dollar signs': {
      ...app(`import { exec } from 'child_process';`, `  exec('ls ' + req.body.name.replace(/[^a-z$()]/g, '_'));`),
      at: ['src/app.ts:5'],
    },
    'a shell that is started by its name': {
      ...app(
        `import { spawn, execFile } from 'node:child_process';`,
        `  spawn('sh', ['-c', \`ping \${req.body.host}\`]);\n  execFile('bash', ['-lc', 'ls ' + req.body.folder], () => res.end());`,
      ),
      at: ['src/app.ts:5', 'src/app.ts:6'],
    },
    'a program of the client': {
      ...app(
        `import { spawn } from 'node:child_process';`,
        `  const [program, ...args] = req.body.command.split(' ');\n  spawn(program, args);`,
      ),
      at: ['src/app.ts:6'],
    },
    'the body of Node’s own request, as it comes in': {
      files: {
        'src/server.js': `const http = require('http');\nconst { exec } = require('child_process');\nhttp.createServer((req, res) => {\n  let body = '';\n  req.on('data', (chunk) => {\n    body += chunk;\n  });\n  req.on('end', () => exec('ls ' + JSON.parse(body).folder, () => res.end()));\n});\n`,
      },
      at: ['src/server.js:8'],
    },
    'exec with a value of the body': {
      ...app(`import { exec } from 'node:child_process';`, `  exec('ping -c 2 ' + req.body.host, () => res.end());`),
      at: ['src/app.ts:5'],
    },
    'a promised exec, required': {
      files: {
        'src/tools.js': `const util = require('util');\nconst exec = util.promisify(require('child_process').exec);\nexports.convert = async (req, res) => {\n  const { name } = req.query;\n  await exec(\`convert \${name} out.png\`);\n  res.end();\n};\n`,
      },
      at: ['src/tools.js:5'],
    },
    'spawn with a shell': {
      ...app(`import { spawn } from 'child_process';`, `  spawn('git', ['clone', req.body.url], { shell: true });`),
      at: ['src/app.ts:5'],
    },
    'a function that passes the command on, told where it is put together': {
      files: {
        'src/run.ts': `import { execSync } from 'child_process';\nexport const run = (command: string) => execSync(command);\n`,
        'src/app.ts': `import express from 'express';\nimport { run } from './run.js';\nconst app = express();\napp.get('/log/:name', (req, res) => {\n  res.send(run(\`cat logs/\${req.params.name}\`));\n});\n`,
      },
      at: ['src/app.ts:5'],
    },
    'an image that a weak pattern found in the text': {
      ...app(
        `import { exec } from 'child_process';`,
        `  const found = /\\((http.*)\\)/;\n  if (req.body.text.match(found)) {\n    const url = req.body.text.match(found)[1];\n    exec('identify ' + url);\n  }`,
      ),
      at: ['src/app.ts:8'],
    },
  },
  clean: {
    'a name without letters of the shell’s own, and an id that was looked up': app(
      `import { exec } from 'child_process';`,
      `  exec('ls ' + req.body.name.replace(/[^\\w.-]/g, '_'));\n  const site = await sites.findByIdOrFail(req.body.siteId);\n  exec(\`build \${req.body.siteId}\`);`,
    ),
    'a program of a table, and an argument behind a shell’s fixed line': app(
      `import { spawn } from 'node:child_process';\nconst programs = { png: 'convert', svg: 'rsvg' };`,
      `  spawn(programs[req.body.kind], [req.body.name]);\n  spawn('sh', ['-c', 'ls "$1"', 'ls', req.body.name]);`,
    ),
    'arguments as a list': app(
      `import { execFile, spawn } from 'child_process';`,
      `  execFile('ping', ['-c', '2', req.body.host]);\n  spawn('git', ['clone', '--', req.body.url]);`,
    ),
    'a constant command, and a number': app(
      `import { exec } from 'child_process';`,
      `  exec('git rev-parse HEAD');\n  exec(\`kill \${Number(req.body.pid)}\`);`,
    ),
    'a value of a list': app(
      `import { execSync } from 'child_process';\nconst tools = ['jpeg', 'png'];`,
      `  if (!tools.includes(req.body.tool)) return res.sendStatus(400);\n  execSync(\`convert-\${req.body.tool} in out\`);`,
    ),
    'the exec of a pattern and of a database': app(
      `import { model } from './model.js';`,
      `  /a(b)/.exec(req.body.text);\n  await model.find(req.body.id).exec(req.body.callback);`,
    ),
  },
});
