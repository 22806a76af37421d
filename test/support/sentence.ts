import { fileURLToPath } from 'node:url';
import { createSentence, loadDictionaries } from '../../src/i18n.ts';

/** The sentences of the real locales. */
export const sentence = createSentence(loadDictionaries(fileURLToPath(new URL('../../locales', import.meta.url))));
