// Runs inside the page that stands in for https://web.whatsapp.com/. The linked device lives in IndexedDB, as with the real page,
// so a browser's profile carries it; chats and messages live at the server of test/support/whatsapp-web-page.ts.
import { hex, Msg, MsgKey, msgs, plain, wid } from './models.js';
import { ask, Cmd, chatOf, modules, pair, Socket, setState, sync } from './modules.js';

const received = async ({ id, from, lid, body, type, t, isNew, more }) => {
  const sender = wid(lid ?? from);
  if (lid && from) pair(from, lid);
  const chat = await chatOf(sender);
  const key = new MsgKey({ fromMe: false, remote: sender, id });
  const model = new Msg({
    id: key,
    from: sender,
    to: wid('79990000001@c.us'),
    body,
    type,
    t,
    isNewMsg: isNew,
    ack: 1,
    ...more,
  });
  chat.unreadCount += 1;
  chat.t = t;
  chat.msgs.add(model);
  if (isNew) msgs.add(model);
  else msgs.keep(model);
};
const commands = {
  async link() {
    await keepLinked(true);
    setState('CONNECTED');
    // What the server keeps of this account comes over while the device is being linked.
    await remember();
    await heardSync();
    sync();
  },
  state: ({ state }) => setState(state),
  async unpair({ state }) {
    await keepLinked(false);
    setState(state);
  },
  async logout() {
    await keepLinked(false);
    Cmd.trigger('logout');
    setTimeout(() => {
      location.href = '/?post_logout=1';
    }, 20);
  },
  received,
  ack: ({ id, ack }) =>
    msgs
      .getModelsArray()
      .find((one) => one.id.id === id)
      ?.set('ack', ack),
  vote({ from, poll, options }) {
    const model = msgs.getModelsArray().find((one) => one.id.id === poll);
    const localIds = options.map((name) => model.pollOptions.find((option) => option.name === name).localId);
    modules.WAWebAddonPollVoteTableMode.pollVoteTableMode.bulkUpsert([
      {
        id: new MsgKey({ fromMe: false, remote: wid(from), id: hex(10) }),
        pollUpdateParentKey: plain(model.id),
        t: model.t,
        senderTimestampMs: model.t * 1000 + localIds.length,
        from: plain(wid(from)),
        selectedOptionLocalIds: localIds,
      },
    ]);
  },
  reload: () => location.reload(),
};

const store = () =>
  new Promise((resolve, reject) => {
    const opening = indexedDB.open('device', 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore('device');
    opening.onsuccess = () => resolve(opening.result);
    opening.onerror = () => reject(opening.error);
  });
const keepLinked = async (linked) => {
  const change = (await store()).transaction('device', 'readwrite', { durability: 'strict' });
  change.objectStore('device').put(linked, 'linked');
  await new Promise((resolve, reject) => {
    change.oncomplete = resolve;
    change.onerror = reject;
  });
  await ask('/device', { linked });
};
const isLinked = async () => {
  const reading = (await store()).transaction('device').objectStore('device').get('linked');
  return new Promise((resolve) => {
    reading.onsuccess = () => resolve(reading.result === true);
  });
};
const remember = async () => {
  for (const one of (await ask('/history')).items) {
    if (one.fromMe) {
      const chat = await chatOf(wid(one.chat));
      const model = new Msg({
        ...one,
        id: new MsgKey({ fromMe: true, remote: wid(one.chat), id: one.id.id }),
        from: wid(one.from),
        to: chat.id,
        isNewMsg: false,
      });
      chat.msgs.add(model);
      msgs.keep(model);
    } else await received({ ...one, isNew: false });
  }
};

/** A real phone and a real sync take longer than the Client takes to listen. */
const heardSync = () =>
  new Promise((resolve) => {
    const listening = setInterval(() => {
      if (!Socket.heard('change:hasSynced')) return;
      clearInterval(listening);
      resolve();
    }, 10);
  });

const boot = async () => {
  const linked = await isLinked();
  const { deaf, neverSyncs } = await ask('/booted', { linked });
  const orders = new EventSource(`${window.STAND_IN.server}/orders`);
  orders.onmessage = async ({ data }) => {
    const { order, value, number } = JSON.parse(data);
    await commands[order](value);
    await ask('/done', { number });
  };
  // An order that comes before the line is open would be lost.
  await new Promise((resolve) => {
    orders.onopen = resolve;
  });
  if (deaf) return;
  if (linked) await remember();
  setState(linked ? 'CONNECTED' : 'UNPAIRED');
  if (!linked || neverSyncs) return;
  await heardSync();
  Cmd.trigger('offline_progress_update_from_bridge');
  setTimeout(sync, 10);
};
boot();
