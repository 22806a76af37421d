/** Jest's global tear-down. */
export default async function stopTestStore(): Promise<void> {
  await globalThis.testStore?.stop();
}
