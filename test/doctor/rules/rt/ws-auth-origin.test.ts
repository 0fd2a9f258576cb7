import { expect, test } from 'vitest';
import { wsAuthOrigin } from '../../../../src/doctor/rules/rt/ws-auth-origin.ts';
import { examineTexts, manifest, ruleTest } from '../../rule.ts';

ruleTest(wsAuthOrigin, {
  hits: {
    'ws, for everybody': {
      files: {
        'src/ws.ts': `import { WebSocketServer } from 'ws';\nexport const wss = new WebSocketServer({ port: 8080 });\nwss.on('connection', (socket) => {\n  socket.on('message', (text) => wss.clients.forEach((one) => one.send(text)));\n});\n`,
      },
      at: ['src/ws.ts:2'],
    },
    'ws of CommonJS': {
      files: {
        'src/ws.js': `const WebSocket = require('ws');\nconst wss = new WebSocket.Server({ server });\nwss.on('connection', (socket) => socket.send('hi'));\n`,
      },
      at: ['src/ws.js:2'],
    },
    'socket.io, and for every origin': {
      files: {
        'src/io.ts': `import { Server } from 'socket.io';\nexport const io = new Server(server, { cors: { origin: '*' } });\nio.on('connection', (socket) => socket.join('all'));\n`,
        'src/old.js': `const io = require('socket.io')(server);\nio.on('connection', (socket) => socket.join('all'));\n`,
      },
      at: ['src/io.ts:2', 'src/old.js:1'],
    },
    'a gateway of Nest': {
      files: {
        'package.json': manifest('@nestjs/core', '@nestjs/websockets'),
        'src/chat.gateway.ts': `import { SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';\n@WebSocketGateway({ cors: true })\nexport class ChatGateway {\n  @SubscribeMessage('say')\n  say(client, text) { return text; }\n}\n`,
      },
      at: ['src/chat.gateway.ts:2'],
    },
  },
  clean: {
    'a session that is looked up while upgrading, in another file': {
      files: {
        'src/ws.ts': `import { WebSocketServer } from 'ws';\nexport const wss = new WebSocketServer({ noServer: true, maxPayload: 16384 });\n`,
        'src/server.ts': `import { wss } from './ws.js';\nserver.on('upgrade', async (request, socket, head) => {\n  if (!(await sessionOf(request.headers.cookie))) return socket.destroy();\n  wss.handleUpgrade(request, socket, head, (one) => wss.emit('connection', one, request));\n});\nconst sessionOf = (cookie) => verify(cookie);\n`,
      },
    },
    'a middleware of socket.io': {
      files: {
        'src/io.ts': `import { Server } from 'socket.io';\nexport const io = new Server(server, { cors: { origin: 'https://shop.example' } });\nio.use((socket, next) => next(verify(socket.handshake.auth.token) ? undefined : new Error('no')));\n`,
      },
    },
    'a gateway with a guard': {
      files: {
        'package.json': manifest('@nestjs/core', '@nestjs/websockets'),
        'src/chat.gateway.ts': `import { UseGuards } from '@nestjs/common';\nimport { WebSocketGateway } from '@nestjs/websockets';\n@UseGuards(WsGuard)\n@WebSocketGateway()\nexport class ChatGateway {}\n`,
      },
    },
    'a gateway of development': {
      files: {
        'package.json': manifest('@nestjs/core', '@nestjs/websockets'),
        'src/chat.gateway.dev.ts': `import { WebSocketGateway } from '@nestjs/websockets';\n@WebSocketGateway()\nexport class LocalChatGateway {}\n`,
      },
    },
    'a client of another server': {
      files: {
        'src/feed.ts': `import WebSocket from 'ws';\nexport const feed = new WebSocket('wss://feed.example');\n`,
      },
    },
  },
});

test.each([
  ['the request of each operation is looked at', `contextOf(one.extra.request)`],
  ['what the client says of itself is looked at', `contextOf(one.connectionParams)`],
  ['nothing is looked at', `contextOf(one.extra.socket)`],
])('is a hint where %s', (_title, context) => {
  const text = `import { useServer } from 'graphql-ws/lib/use/ws';\nimport { WebSocketServer } from 'ws';\nconst wss = new WebSocketServer({ server });\nuseServer({ schema, context: (one) => ${context} }, wss);\n`;
  expect(examineTexts({ 'src/ws.ts': text }, [wsAuthOrigin]).findings.map((found) => found.confidence)).toEqual([
    'hint',
  ]);
});
