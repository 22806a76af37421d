import type { AnyStateNode } from 'xstate';
import { talks } from '../src/conversations/engine/talks.ts';
import type { StateMeta } from '../src/conversations/machines/facts.ts';
import type { MachineName } from '../src/core/conversation.ts';

/** A machine as a Mermaid state diagram in Markdown, made from its definition: what is drawn is what runs. */
export function drawMachine(name: MachineName): string {
  const { machine, version } = talks[name];
  const root: AnyStateNode = machine.root;
  const states = Object.values(root.states);
  const arrows = states.flatMap((state) => arrowsFrom(state, state.key));
  const anywhere = arrowsFrom(root, 'anywhere');
  const first = root.initial.target[0]?.key ?? '';
  const closed = states.filter((state) => metaOf(state)?.status === 'closed');
  return [
    `# ${name}`,
    '',
    `Version ${version}. Made by \`npm run diagrams\` from \`src/conversations/machines/${name}.ts\`; do not edit.`,
    'States in which the conversation is closed lead to the end mark; second thoughts may lead out of them.',
    '',
    '```mermaid',
    'stateDiagram-v2',
    `  [*] --> ${first}`,
    ...arrows,
    ...closed.map((state) => `  ${state.key} --> [*]: ${metaOf(state)?.outcome ?? ''}`),
    '```',
    ...(anywhere.length === 0
      ? []
      : ['', 'In every state that does not say otherwise:', '', '```mermaid', 'stateDiagram-v2', ...anywhere, '```']),
    '',
  ].join('\n');
}

function arrowsFrom(node: AnyStateNode, from: string): readonly string[] {
  const arrows = new Map<string, string[]>();
  for (const transition of [...node.transitions.values()].flat()) {
    const to = transition.target?.[0]?.key;
    const guard = typeof transition.guard === 'string' ? ` [${transition.guard}]` : '';
    // Nothing happens there: the event is only kept from what holds everywhere.
    if (to === undefined && transition.actions.length === 0) continue;
    const line = `${from} --> ${to ?? from}`;
    arrows.set(line, [...(arrows.get(line) ?? []), `${transition.eventType}${guard}`]);
  }
  return [...arrows].map(([line, events]) => `  ${line}: ${[...new Set(events)].join(', ')}`);
}

function metaOf(state: AnyStateNode): StateMeta | undefined {
  return state.meta as StateMeta | undefined;
}
