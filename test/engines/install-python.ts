import { run, step } from './install-step.ts';
import { CHROMA_VERSION, productFolder } from './layout.ts';

export function installChroma(): void {
  step('chroma', productFolder('chroma'), CHROMA_VERSION, (folder) => {
    const quiet = ['--quiet', '--disable-pip-version-check', '--no-compile', '--root-user-action', 'ignore'];
    run('python3', ['-m', 'pip', 'install', ...quiet, '--no-deps', '--target', folder, `chromadb==${CHROMA_VERSION}`]);
  });
}
