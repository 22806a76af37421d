// `window.Debug.VERSION` and `window.require(name)` with the modules of WhatsApp Web that whatsapp-web.js 1.34.7 touches.
import { Collection, chats, contacts, Emitter, hex, Msg, MsgKey, msgs, plain, wid } from './models.js';

const { server, version } = window.STAND_IN;
/** Asks the server behind the page. */
export const ask = (path, data) =>
  fetch(`${server}${path}`, { method: 'POST', body: JSON.stringify(data ?? {}) }).then((answer) => answer.json());

export const Socket = Object.assign(new Emitter(), { state: 'OPENING', hasSynced: false });
export const setState = (state) => {
  Socket.state = state;
  Socket.trigger('change:state', Socket, state);
};
export const sync = () => {
  Socket.hasSynced = true;
  Socket.trigger('change:hasSynced', Socket, true);
};
export const Conn = Object.assign(new Emitter(), {
  ref: `2@${hex(16)}`,
  serialize: () => ({ pushname: 'Clinic', platform: 'android' }),
});
export const Cmd = Object.assign(new Emitter(), {
  refreshQR() {
    ask('/note', { what: 'refreshQr' });
    Conn.ref = `2@${hex(16)}`;
    Socket.state = 'UNPAIRED';
    Conn.trigger('change:ref', Conn, Conn.ref);
  },
});
const LINK = /https?:\/\/\S+/g;
const phones = new Map();
const lids = new Map();
export const pair = (phone, lid) => {
  lids.set(phone, lid);
  phones.set(lid, phone);
};
export const chatOf = async (id) => chats.find(id);

const sendOut = async (chat, message) => {
  const model = new Msg({ ...message, from: message.from, to: chat.id, ack: 0 });
  chat.msgs.add(model);
  chat.t = model.t;
  msgs.add(model);
  const { acks } = await ask('/sent', { ...model.serialize(), chat: chat.id._serialized });
  for (const [place, ack] of acks.entries()) setTimeout(() => model.set('ack', ack), 5 + 10 * place);
  return { messageSendResult: 'OK' };
};
const queryWidExists = async (id) => {
  const { exists, lid, as } = await ask('/exists', { id: id._serialized });
  if (!exists) return null;
  if (lid && !id.isLid()) pair(id._serialized, lid);
  return { wid: plain(wid(as ?? id)) };
};

export const modules = {
  WAWebSocketModel: { Socket },
  WAWebCmd: { Cmd },
  WAWebConnModel: { Conn },
  WAWebOfflineHandler: { OfflineMessageHandler: { getOfflineDeliveryProgress: () => 100 } },
  WAWebAltDeviceLinkingApi: {
    setPairingType: () => undefined,
    initializeAltDeviceLinking: async () => undefined,
    startAltLinkingFlow: async (phone) => (await ask('/pair', { phone })).code,
  },
  WABase64: { encodeB64: () => 'a2V5' },
  WAWebCompanionRegClientUtils: { DEVICE_PLATFORM: '1' },
  WAWebAdvSignatureApi: {},
  WAWebUserPrefsInfoStore: { waNoiseInfo: { get: async () => ({ staticKeyPair: { pubKey: new Uint8Array(32) } }) } },
  WAWebSignalStoreApi: {
    waSignalStore: { getRegistrationInfo: async () => ({ identityKeyPair: { pubKey: new Uint8Array(32) } }) },
  },
  WAWebUserPrefsMultiDevice: { getADVSecretKey: () => 'secret' },
  WAWebMiscBrowserUtils: { info: () => ({ name: 'Chrome', os: 'Linux' }) },
  WAWebUserPrefsMeUser: { getMaybeMePnUser: () => wid('79990000001@c.us'), getMaybeMeLidUser: () => wid('111@lid') },
  WAWebCollections: { Msg: msgs, Chat: chats, Contact: contacts, Blocklist: new Collection() },
  WAWebSyncGatingUtils: {},
  WAWebAddonReactionTableMode: { reactionTableMode: { bulkUpsert: () => undefined } },
  WAWebAddonPollVoteTableMode: { pollVoteTableMode: { bulkUpsert: () => undefined } },
  WAWebChatGetters: {
    getIsNewsletter: ({ id }) => id.server === 'newsletter',
    getIsBroadcast: ({ id }) => id.server === 'broadcast',
  },
  WALinkify: {
    findLinks: (text) =>
      [...String(text ?? '').matchAll(LINK)].map(([href]) => ({ href, suspiciousCharacters: new Set() })),
    findLink: () => null,
  },
  WAWebMsgKey: MsgKey,
  WAWebWidFactory: { createWid: wid, createWidFromWidLike: wid, asUserWidOrThrow: wid },
  WAWebGetEphemeralFieldsMsgActionsUtils: { getEphemeralFields: () => ({}) },
  WAWebSendMsgChatAction: {
    addAndSendMsgToChat: (chat, message) => {
      const sending = sendOut(chat, message);
      return [ask('/handed').then(({ hang }) => (hang ? new Promise(() => {}) : message)), sending];
    },
  },
  WAWebFindChatAction: {
    findOrCreateLatestChat: async (id) =>
      (await ask('/exists', { id: id._serialized })).exists ? { chat: await chatOf(id) } : undefined,
  },
  WAWebChatLoadMessages: { loadEarlierMsgs: async () => [] },
  WAWebQueryExistsJob: { queryWidExists },
  WAWebApiContact: {
    getCurrentLid: (id) => (lids.has(id._serialized) ? wid(lids.get(id._serialized)) : null),
    getPhoneNumber: (id) => (phones.has(id._serialized) ? wid(phones.get(id._serialized)) : null),
    getAlternateUserWid: () => null,
  },
};
window.Debug = { VERSION: version };
window.require = (name) => {
  if (!(name in modules)) ask('/note', { what: 'missing', name });
  return modules[name];
};
