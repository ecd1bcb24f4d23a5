// The camera: the back one unless another was chosen, frame after frame to the decoder, a light where there is one.

import { keep, recall } from "./words.js";

const REST = 40; // ms from one frame to the next at least, so that the phone stays cool
const SIZE = { width: { ideal: 1280 }, height: { ideal: 720 } };
const BLOCKED = new Set(["NotAllowedError", "SecurityError"]);

export class Camera {
  constructor(video, workerUrl, onCode) {
    this.video = video;
    this.onCode = onCode;
    this.workerUrl = workerUrl;
    this.onState = () => {};
    this.stream = null;
    this.facing = "environment";
    document.addEventListener("visibilitychange", () => this.#wake());
  }

  get track() { return this.stream?.getVideoTracks()[0]; }

  get on() { return this.track?.readyState === "live"; }

  get current() { return this.track?.getSettings().deviceId ?? ""; }

  get hasTorch() { return Boolean(this.track?.getCapabilities?.().torch); }

  /** Begin to load the decoder: half a megabyte, so as early as can be. */
  warm() {
    if (this.worker) return;
    this.worker = new Worker(this.workerUrl, { type: "module" });
    this.worker.onmessage = ({ data: { codes, at } }) => {
      this.busy = false;
      codes.forEach((code) => this.onCode(code, at));
      this.#next();
    };
    this.worker.onerror = () => { this.busy = false; setTimeout(() => this.#next(), 1000); };
  }

  /** Start. Throws "insecure", "absent", "busy" or "refused". */
  async start(deviceId = recall(`camera:${this.facing}`) ?? "") {
    if (!navigator.mediaDevices?.getUserMedia) throw new Error("insecure");
    this.warm();
    this.stop();
    const which = deviceId ? { deviceId: { exact: deviceId } } : { facingMode: { ideal: this.facing } };
    try {
      this.stream = await navigator.mediaDevices.getUserMedia({ video: { ...which, ...SIZE }, audio: false });
    } catch (error) {
      if (deviceId && error.name === "OverconstrainedError") { this.remember(""); return this.start(""); }
      throw new Error(BLOCKED.has(error.name) ? "refused" : error.name === "NotReadableError" ? "busy" : "absent");
    }
    this.wanted = true;
    const { track } = this;
    track.addEventListener("ended", () => { if (track === this.track) this.#wake(); });
    this.video.classList.toggle("mirrored", track.getSettings().facingMode === "user" || (this.facing === "user" && !deviceId));
    this.video.srcObject = this.stream;
    await this.video.play();
    this.keepAwake();
    this.busy = false;
    this.#next();
  }

  stop() {
    this.wanted = false;
    this.stream?.getTracks().forEach((track) => track.stop());
    this.stream = null;
  }

  async choices() {
    const all = await navigator.mediaDevices.enumerateDevices();
    return all.filter((device) => device.kind === "videoinput" && device.deviceId);
  }

  remember(deviceId) { keep(`camera:${this.facing}`, deviceId); }

  async torch(on) { await this.track.applyConstraints({ advanced: [{ torch: on }] }); }

  async keepAwake() {
    if (this.lock && !this.lock.released) return;
    try { this.lock = await navigator.wakeLock?.request("screen"); } catch { /* a low battery refuses */ }
  }

  // The newest frame as soon as the decoder is free: none waits in a queue, so an answer is never about the past.
  #next() {
    if (this.waiting || this.busy || !this.on || document.hidden) return;
    this.waiting = true;
    const early = REST - (performance.now() - (this.sent ?? 0));
    if (early > 0) setTimeout(() => this.#frame(), early);
    else this.#frame();
  }

  #frame() {
    const take = (now, about) => { this.waiting = false; this.#send(about?.captureTime ?? about?.presentationTime ?? now); };
    if (!this.on) { this.waiting = false; return; }
    if (this.video.requestVideoFrameCallback) this.video.requestVideoFrameCallback(take);
    else setTimeout(() => take(performance.now()), 16);
  }

  async #send(at) {
    if (!this.on || this.busy) return;
    this.busy = true;
    this.sent = performance.now();
    try {
      const frame = await createImageBitmap(this.video);
      this.worker.postMessage({ frame, at }, [frame]);
    } catch {
      this.busy = false;
      setTimeout(() => this.#next(), 100);
    }
  }

  // After sleep, or when another app took the camera away.
  async #wake() {
    if (document.hidden || !this.wanted) return;
    this.waiting = false;
    if (this.on) { this.keepAwake(); this.busy = false; this.#next(); return; }
    try { await this.start(); this.onState(""); } catch (error) { this.onState(error.message); }
  }
}
