/**
 * What SARIF 2.1.0 asks of the part of it that we write, in our own words as a JSON Schema: closed, so that whatever
 * is added to our output must be added here, after a look at the standard.
 */

const closed = (required: readonly string[], properties: object) => ({
  type: 'object',
  additionalProperties: false,
  required,
  properties,
});
const text = { type: 'string', minLength: 1 };
const positive = { type: 'integer', minimum: 1 };
const level = { enum: ['none', 'note', 'warning', 'error'] };
const message = closed(['text'], { text });
const bag = {
  type: 'object',
  properties: {
    // Code scanning keeps ten.
    tags: { type: 'array', uniqueItems: true, maxItems: 10, items: { type: 'string' } },
    // It ranks by this where it is a number written as a string.
    'security-severity': { type: 'string', pattern: '^(?:10\\.0|\\d\\.\\d)$' },
  },
};

const rule = closed(['id'], {
  id: text,
  shortDescription: message,
  // Code scanning's own limit.
  fullDescription: closed(['text'], { text: { ...text, maxLength: 1024 } }),
  help: closed(['text'], { text, markdown: text }),
  helpUri: { type: 'string', pattern: '^https?://' },
  defaultConfiguration: closed([], { level }),
  properties: bag,
});

const artifactLocation = closed(['uri', 'uriBaseId'], {
  // A relative reference: no scheme, no leading slash, nothing that an URI may not hold.
  uri: { type: 'string', pattern: "^(?!/)(?:[A-Za-z0-9\\-._~!$&'()*+,;=@/]|%[0-9A-F]{2})+$" },
  uriBaseId: { const: '%SRCROOT%' },
});
const lines = { startLine: positive, startColumn: positive, endLine: positive, endColumn: positive };
const replacement = closed(['deletedRegion'], {
  deletedRegion: closed(['startLine', 'startColumn', 'endLine', 'endColumn'], lines),
  insertedContent: closed(['text'], { text }),
});
const fix = closed(['artifactChanges'], {
  description: message,
  artifactChanges: {
    type: 'array',
    minItems: 1,
    items: closed(['artifactLocation', 'replacements'], {
      artifactLocation,
      replacements: { type: 'array', minItems: 1, items: replacement },
    }),
  },
});

const result = closed(['message', 'ruleId', 'locations'], {
  ruleId: text,
  ruleIndex: { type: 'integer', minimum: 0 },
  level,
  message,
  // Code scanning asks for one at least; the standard would not.
  locations: {
    type: 'array',
    minItems: 1,
    items: closed(['physicalLocation'], {
      physicalLocation: closed(['artifactLocation', 'region'], {
        artifactLocation,
        region: closed(['startLine'], lines),
      }),
    }),
  },
  partialFingerprints: closed(['backendSkills/v1'], { 'backendSkills/v1': text }),
  fixes: { type: 'array', minItems: 1, items: fix },
  suppressions: {
    type: 'array',
    uniqueItems: true,
    items: closed(['kind'], { kind: { enum: ['inSource', 'external'] }, justification: { type: 'string' } }),
  },
  properties: bag,
});

const run = closed(['tool', 'results'], {
  tool: closed(['driver'], {
    driver: closed(['name', 'rules'], {
      name: text,
      version: text,
      semanticVersion: { type: 'string', pattern: '^\\d+\\.\\d+\\.\\d+(?:-[0-9A-Za-z.-]+)?$' },
      rules: { type: 'array', uniqueItems: true, items: rule },
    }),
  }),
  automationDetails: closed(['id'], { id: text }),
  originalUriBaseIds: { type: 'object', additionalProperties: closed([], { description: message }) },
  columnKind: { enum: ['utf16CodeUnits', 'unicodeCodePoints'] },
  invocations: {
    type: 'array',
    items: closed(['executionSuccessful'], {
      executionSuccessful: { type: 'boolean' },
      toolExecutionNotifications: { type: 'array', items: closed(['message'], { level, message }) },
    }),
  },
  results: { type: 'array', items: result },
});

export const sarifSchema = closed(['version', 'runs'], {
  $schema: { type: 'string', pattern: '/sarif-schema-2\\.1\\.0\\.json$' },
  version: { const: '2.1.0' },
  runs: { type: 'array', minItems: 1, items: run },
});
