import { prototypePollution } from '../../../../src/doctor/rules/sec/prototype-pollution.ts';
import { ruleTest } from '../../rule.ts';

const merge = (loop: string): string =>
  `function merge(target, source) {\n  ${loop}\n  return target;\n}\nmodule.exports = { merge };\n`;
const deep = `for (const key in source) {\n    if (typeof source[key] === 'object') {\n      if (!target[key]) target[key] = {};\n      merge(target[key], source[key]);\n    } else target[key] = source[key];\n  }`;
const given = (handler: string, loop = deep) => ({
  files: {
    'src/merge.js': merge(loop),
    'src/handler.js': `const { merge } = require('./merge');\nmodule.exports = (req, res) => {\n  ${handler}\n};\n`,
  },
});

ruleTest(prototypePollution, {
  hits: {
    'a body that is merged': { ...given('res.json(merge({}, req.body));'), at: ['src/handler.js:3'] },
    'a text of the body that is parsed': {
      ...given('const fields = JSON.parse(req.body.fields);\n  merge(settings, fields);'),
      at: ['src/handler.js:4'],
    },
    'keys of a list, and a value that is held': {
      ...given(
        'merge(settings, req.body.settings);',
        `Object.keys(source).forEach((key) => {\n    const value = source[key];\n    if (value && typeof value === 'object') merge(target[key], value);\n    else target[key] = value;\n  });`,
      ),
      at: ['src/handler.js:3'],
    },
    'own keys of what came, which that is one of': {
      ...given(
        'merge(settings, req.body);',
        `for (const key in source) {\n    if (!source.hasOwnProperty(key)) continue;\n    if (typeof target[key] === 'object') merge(target[key], source[key]);\n    else target[key] = source[key];\n  }`,
      ),
      at: ['src/handler.js:3'],
    },
  },
  clean: {
    'a key that is left out': given(
      'merge(settings, req.body);',
      `for (const key in source) {\n    if (key === '__proto__') continue;\n    if (typeof target[key] === 'object') merge(target[key], source[key]);\n    else target[key] = source[key];\n  }`,
    ),
    'what the target has itself': given(
      'merge(settings, req.body);',
      `for (const key in source) {\n    if (!Object.hasOwn(target, key)) target[key] = {};\n    if (typeof source[key] === 'object') merge(target[key], source[key]);\n    else target[key] = source[key];\n  }`,
    ),
    'one level, and a copy': given(
      'merge(settings, req.body);',
      `for (const key in source) target[key] = typeof source[key] === 'object' ? merge({}, source[key]) : source[key];`,
    ),
    'settings of the program': given('merge(settings, require("./defaults.json")); res.json(settings);'),
    'a query, in which Express leaves such keys out': given('merge(settings, req.query);'),
  },
});
