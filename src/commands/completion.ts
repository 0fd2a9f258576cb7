import { openCatalogue } from '../edge/catalogue.ts';
import { realFiles } from '../edge/files.ts';
import { findProject } from '../edge/project.ts';
import { openTree } from '../edge/tree.ts';
import { packageJsonAt, packagesOf, workspaceAbove, workspaceAt } from '../edge/workspace.ts';
import { readLock } from '../lock/lock.ts';
import type { Candidate, Names } from './complete.ts';
import type { Context, ExitCode } from './context.ts';

const bash = `# Completion of backend-skills for bash: source <(backend-skills completion bash)
_backend_skills() {
  local value rest current="\${COMP_WORDS[COMP_CWORD]}"
  [[ $current == '=' ]] && current=''
  COMPREPLY=()
  while IFS=$'\\t' read -r value rest; do
    [[ $value == "$current"* ]] && COMPREPLY+=("$value")
  done < <("\${COMP_WORDS[0]}" __complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -o default -F _backend_skills backend-skills`;

const zsh = `#compdef backend-skills
# Completion of backend-skills for zsh: source <(backend-skills completion zsh)
_backend_skills() {
  local line
  local -a candidates
  for line in "\${(@f)$("\${words[1]}" __complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}"; do
    [[ -n $line ]] && candidates+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}")
  done
  if (( \${#candidates} )); then
    _describe 'backend-skills' candidates
  else
    _files
  fi
}
compdef _backend_skills backend-skills`;

const fish = `# Completion of backend-skills for fish.
function __backend_skills_complete
  set -l words (commandline -opc) (commandline -ct)
  $words[1] __complete -- $words[2..-1] 2>/dev/null
end
complete -c backend-skills -a '(__backend_skills_complete)'`;

const scripts = { bash, zsh, fish } as const;

/** Prints the script that a shell reads to complete what is typed. */
export async function completion(shell: keyof typeof scripts, { terminal }: Context): Promise<ExitCode> {
  terminal.document(scripts[shell]);
  return 0;
}

/** Candidates as the scripts read them: one a line, a tab before what it is. */
export const candidateLines = (candidates: readonly Candidate[]): string =>
  candidates.map(({ value, text }) => `${value}\t${text.replaceAll(/\s+/g, ' ')}\n`).join('');

/** Names as they are here. Where something cannot be read there are none: a shell has no place for a complaint. */
export function namesHere(cwd: string): Names {
  const skills = quietly(() =>
    openCatalogue()
      .manifests()
      .map(({ id, title }) => ({ value: id, text: title })),
  );
  const installed = quietly(() => {
    const ids = Object.keys(readLock(openTree(findProject(cwd, null).root)).lock.skills);
    return ids.map((value) => ({ value, text: skills().find((each) => each.value === value)?.text ?? '' }));
  });
  const packages = quietly(() => {
    const { root } = findProject(cwd, null);
    const workspace = workspaceAbove(root, realFiles) ?? workspaceAt(root, realFiles);
    const folders = workspace === null ? [] : packagesOf(workspace, realFiles);
    return folders.flatMap((folder) => {
      const name = packageJsonAt(folder, realFiles)?.name;
      return typeof name === 'string' ? [{ value: name, text: folder }] : [];
    });
  });
  return { skills, installed, packages };
}

function quietly(read: () => Candidate[]): () => Candidate[] {
  return () => {
    try {
      return read();
    } catch {
      return [];
    }
  };
}
