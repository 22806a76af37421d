import type { Client } from 'whatsapp-web.js';

/** Parts of the library's client that it calls itself without waiting for them. */
interface Inner {
  initialize(): Promise<void>;
  inject(): Promise<void>;
  destroy(): Promise<void>;
  requestPairingCode(...values: unknown[]): Promise<string>;
  initWebVersionCache(): Promise<void>;
}

/**
 * whatsapp-web.js 1.34.7 drops promises (`inject` after a navigation, `destroy` after a logout, the pairing code, the text of a
 * response): each would end our process as an unhandled rejection. They report to `failed` instead. `page`: another page is
 * served in place of WhatsApp's.
 */
export function catchDroppedPromises(client: Client, { page, failed }: { page: boolean; failed: () => void }): void {
  const inner = client as unknown as Inner;
  const [initialize, inject, pair] = [
    inner.initialize.bind(client),
    inner.inject.bind(client),
    inner.requestPairingCode.bind(client),
  ];
  let loaded = false;
  inner.initialize = async () => {
    await initialize();
    loaded = true;
  };
  inner.inject = async () => {
    try {
      await inject();
    } catch (error) {
      if (!loaded) throw error;
      failed();
    }
  };
  // The session ends the browser, and waits for that.
  inner.destroy = async () => undefined;
  inner.requestPairingCode = async (...values) => {
    try {
      return await pair(...values);
    } catch {
      failed();
      return '';
    }
  };
  // It keeps the page's text for a cache that we do not use.
  if (!page) inner.initWebVersionCache = async () => undefined;
}
