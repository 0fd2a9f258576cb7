import { dockerfiles, runsNode } from '../../files/dockerfile.ts';
import { defineRule } from '../../rule.ts';

/** Tags that are another image with the next release. */
const moving = /^(latest|lts|current|stable|slim|(lts|current)-[\w.-]+)$/;
/** The system's version, and none of what is on it. */
const ofSystem = /^(alpine|buster|bullseye|bookworm|trixie)[\d.]*$/;
/** An image of a language or the like, of which each tag of a system is every version in turn; a program's own may be made for one. */
const isOfficial = (name: string): boolean =>
  /^((docker\.io\/)?(library\/)?|public\.ecr\.aws\/docker\/library\/)[\w-]+$/.test(name) &&
  !/(^|\/)(debian|alpine)$/.test(name);

export const dockerLatest = defineRule({
  id: 'ops/docker-latest',
  since: '0.1.0',
  severity: 'info',
  confidence: 'certain',
  title: 'An image is built from a tag that moves.',
  why: '`latest`, or no tag, is another image with each build: one day a new major of Node. What was tested is not what is deployed, and an older build cannot be made again. Name the major and the variant at least (`node:24-slim`); with a digest it is the same image for ever.',
  remedy: 'words',
  project(project, tell) {
    for (const file of dockerfiles(project)) {
      if (!runsNode(file)) continue;
      const names = new Set(file.stages.flatMap(({ name }) => name?.toLowerCase() ?? []));
      for (const { image, written, spot } of file.stages) {
        if (names.has(image.toLowerCase()) || image === 'scratch' || image.includes('$') || image.includes('@sha256:'))
          continue;
        // An image of the builder's choice, and one whose name says the version.
        if (written.startsWith('$') || /nodejs\d/.test(image)) continue;
        const tag = /:([^/:]+)$/.exec(image)?.[1];
        const name = image.replace(/:[^/:]+$/, '');
        if (tag === undefined || moving.test(tag) || (isOfficial(name) && ofSystem.test(tag)))
          tell(spot, {
            message: `${image} names no version: each build may be on another one.`,
            fix: /(^|\/)node$/.test(name)
              ? 'Name the major version: node:24-slim.'
              : `Name a version or a digest: ${name}@sha256:….`,
            together: 'moving',
            across: true,
          });
      }
    }
  },
});
