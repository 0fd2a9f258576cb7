import { dockerfiles, runsNode } from '../../files/dockerfile.ts';
import { defineRule } from '../../rule.ts';

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
        if (
          tag === undefined ||
          /^(latest|lts|current|stable|(slim|alpine|buster|bullseye|bookworm|trixie)[\d.]*|(lts|current)-[\w.-]+)$/.test(
            tag,
          )
        )
          tell(spot, {
            message: `${image} names no version: each build may be on another one.`,
            fix: 'Name the major version: node:24-slim.',
            together: file.path,
          });
      }
    }
  },
});
