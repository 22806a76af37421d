// The models of WhatsApp Web, as far as whatsapp-web.js 1.34.7 looks at them.
export class Emitter {
  listeners = new Map();
  on(names, listener) {
    for (const name of names.split(' ')) this.listeners.set(name, [...(this.listeners.get(name) ?? []), listener]);
    return this;
  }
  once(name, listener) {
    const once = (...values) => {
      this.off(name, once);
      listener(...values);
    };
    return this.on(name, once);
  }
  off(name, listener) {
    this.listeners.set(
      name,
      (this.listeners.get(name) ?? []).filter((one) => one !== listener),
    );
    return this;
  }
  trigger(name, ...values) {
    for (const listener of this.listeners.get(name) ?? []) listener(...values);
  }
  heard(name) {
    return (this.listeners.get(name) ?? []).length > 0;
  }
}

export class Wid {
  constructor(text) {
    const [, user, host] = /^([^@]+)@(.+)$/.exec(text) ?? [];
    if (user === undefined) throw new Error('wid error: invalid wid');
    this.user = user;
    this.server = host;
    this._serialized = text;
  }
  isLid() {
    return this.server === 'lid';
  }
  isUser() {
    return this.server === 'c.us' || this.isLid();
  }
  isGroup() {
    return this.server === 'g.us';
  }
  isStatus() {
    return this._serialized === 'status@broadcast';
  }
  toString() {
    return this._serialized;
  }
  toJid() {
    return this._serialized.replace('c.us', 's.whatsapp.net');
  }
}
export const wid = (like) => (like instanceof Wid ? like : new Wid(like?._serialized ?? String(like)));
export const plain = (value) => JSON.parse(JSON.stringify(value));
export const hex = (bytes) =>
  [...crypto.getRandomValues(new Uint8Array(bytes))]
    .map((byte) => byte.toString(16).padStart(2, '0').toUpperCase())
    .join('');

export class MsgKey {
  constructor({ from, to, id, selfDir, fromMe, remote }) {
    this.fromMe = fromMe ?? selfDir === 'out';
    this.remote = remote ?? (this.fromMe ? to : from);
    this.id = id;
    this._serialized = `${this.fromMe}_${this.remote._serialized}_${id}`;
  }
  toString() {
    return this._serialized;
  }
  static async newId() {
    return `3EB0${hex(9)}`;
  }
}

export class Msg extends Emitter {
  constructor(fields) {
    super();
    Object.assign(this, fields);
  }
  serialize() {
    return plain({ ...this, listeners: undefined });
  }
  set(name, value) {
    const before = this[name];
    this[name] = value;
    msgs.trigger(`change:${name}`, this, value, before);
    msgs.trigger('change', this);
  }
}

export class Collection extends Emitter {
  models = new Map();
  constructor(make) {
    super();
    this.make = make;
  }
  get(id) {
    return this.models.get(id?._serialized ?? String(id));
  }
  getModelsArray() {
    return [...this.models.values()];
  }
  keep(model) {
    this.models.set(model.id._serialized, model);
    return model;
  }
  add(model) {
    this.keep(model);
    this.trigger('add', model);
  }
  async find(id) {
    return this.get(id) ?? this.keep(this.make(wid(id)));
  }
}
export const msgs = new Collection();
msgs.getMessagesById = async (ids) => ({ messages: ids.map((id) => msgs.get(id)).filter(Boolean) });
export const chats = new Collection((id) => {
  const own = [];
  return {
    id,
    formattedTitle: id.user,
    unreadCount: 0,
    t: 0,
    mute: { expiration: 0 },
    msgs: { getModelsArray: () => own, add: (one) => own.push(one) },
    serialize() {
      return plain({ id: this.id, unreadCount: this.unreadCount, t: this.t });
    },
  };
});
export const contacts = new Collection((id) => ({ id, serialize: () => plain({ id, type: 'in' }) }));
