import { MongoError } from '../errors.ts';
import { type Doc, field, isDoc, type Value } from '../values/value.ts';
import { compileExpression } from './compile.ts';
import { checkName } from './variable-name.ts';

/** Values by name, for `$$name` in expressions. */
export type Variables = Readonly<Record<string, Value>>;

/** There is no document yet when the values of `let` are computed: whoever asks for one is told so. */
const NO_DOCUMENT = new Proxy<Doc>(
  {},
  {
    getOwnPropertyDescriptor: () => {
      throw new MongoError(
        4890500,
        'Command let Expression tried to access a field, but this is not allowed because Command let Expressions run before the query examines any documents.',
      );
    },
  },
);

/** The values of a command's `let`, which are expressions without a document and may use those before them; and the time. */
export function variablesOf(constants: Value): Variables {
  const variables: Record<string, Value> = { NOW: new Date() };
  if (!isDoc(constants)) return variables;
  for (const name of Object.keys(constants))
    variables[checkName(name)] = compileExpression(field(constants, name))({ root: NO_DOCUMENT, variables });
  return variables;
}
