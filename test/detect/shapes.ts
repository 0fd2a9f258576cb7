/** Texts of host projects, small, written for the tables. */
export const manifest = (fields: object): string => JSON.stringify({ name: 'host', ...fields }, null, 2);

export const express = { dependencies: { express: '^5.1.0' } };

export const expressApp = "import express from 'express';\nconst app = express();\napp.listen(3000);\n";
export const requiredApp = "const express = require('express');\nconst app = express();\nmodule.exports = app;\n";
