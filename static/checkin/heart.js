// The phone's heartbeat: it speaks with the server every few seconds, and sends what waits as soon as there is reception.

import { GoneError } from "./sender.js";

const PATIENCE = 2000; // ms a contact waits, so that a slow server is no server
const FIRST = 15_000;
const EVERY = { online: 5000, offline: 2000 };

export class Heart {
  #timer = null;

  constructor(door) {
    this.door = door;
    this.beating = null; // the contact that is under way
  }

  /** One contact, and the next one after a while. `first`: nothing is known yet, so it may take longer; throws GoneError when the phone was never paired. */
  beat({ first = false } = {}) {
    this.beating ??= this.#contact(first).finally(() => {
      const { closed, alone, online } = this.door;
      this.beating = null;
      this.stop();
      if (!closed && !alone) this.#timer = setTimeout(() => this.beat(), online ? EVERY.online : EVERY.offline);
    });
    return this.beating;
  }

  stop() { clearTimeout(this.#timer); }

  async #contact(first) {
    const { door } = this;
    door.keeper.look();
    const behind = await this.#meets(first);
    if (behind === null || door.closed) return;
    const { unsent } = door;
    await door.sender.flush().catch(() => { door.online = false; });
    // Last, so that it has what was just sent; a slow list keeps nobody waiting at the door.
    if (door.online && door.phase === "open" && (behind || unsent)) await door.keeper.refresh().catch(() => {});
    if (door.closed) return;
    door.unsent = await door.store.unsent();
    door.changed();
  }

  /** Whether the roster is behind; null without an answer. */
  async #meets(first) {
    const { door } = this;
    let behind = false;
    try {
      behind = await door.keeper.meet(first ? FIRST : PATIENCE);
      door.online = true;
    } catch (error) {
      const gone = error instanceof GoneError;
      if (gone && first && error.revoked === null && !(await door.store.log()).length) throw error;
      if (gone) await door.keeper.gone(error.revoked);
      else [door.online, behind] = [false, null];
    }
    door.changed();
    return behind;
  }
}
