// The camera: the back one unless another was chosen, frame after frame to the decoder, a light where there is one.

const REMEMBERED = "door:camera";

export class Camera {
  constructor(video, workerUrl, onCode) {
    this.video = video;
    this.onCode = onCode;
    this.worker = new Worker(workerUrl, { type: "module" });
    this.worker.onmessage = ({ data }) => { data.forEach((code) => this.onCode(code)); this.#next(); };
    this.worker.onerror = () => this.#next();
    this.stream = null;
    document.addEventListener("visibilitychange", () => this.#wake());
  }

  get track() { return this.stream?.getVideoTracks()[0]; }

  get on() { return this.track?.readyState === "live"; }

  /** Start. Throws "insecure", "absent" or "refused". */
  async start(deviceId = remembered()) {
    if (!navigator.mediaDevices?.getUserMedia) throw new Error("insecure");
    this.stop();
    const size = { width: { ideal: 1280 }, height: { ideal: 720 } };
    const which = deviceId ? { deviceId: { exact: deviceId } } : { facingMode: { ideal: "environment" } };
    try {
      this.stream = await navigator.mediaDevices.getUserMedia({ video: { ...which, ...size }, audio: false });
    } catch (error) {
      if (deviceId && error.name === "OverconstrainedError") { forget(); return this.start(""); }
      throw new Error(error.name === "NotAllowedError" || error.name === "SecurityError" ? "refused" : "absent");
    }
    this.wanted = true;
    this.track.addEventListener("ended", () => this.#wake());
    this.video.srcObject = this.stream;
    await this.video.play();
    this.#keepAwake();
    this.#next();
  }

  stop() {
    this.stream?.getTracks().forEach((track) => track.stop());
    this.stream = null;
  }

  async choices() {
    const all = await navigator.mediaDevices.enumerateDevices();
    return all.filter((device) => device.kind === "videoinput" && device.deviceId);
  }

  get current() { return this.track?.getSettings().deviceId ?? ""; }

  remember(deviceId) { try { localStorage.setItem(REMEMBERED, deviceId); } catch { /* then not */ } }

  get hasTorch() { return Boolean(this.track?.getCapabilities?.().torch); }

  async torch(on) { await this.track.applyConstraints({ advanced: [{ torch: on }] }); }

  #next() {
    if (!this.on || document.hidden || this.scheduled) return;
    this.scheduled = true;
    setTimeout(async () => {
      this.scheduled = false;
      if (!this.on || this.video.readyState < 2) { if (this.on) this.#next(); return; }
      try {
        const frame = await createImageBitmap(this.video);
        this.worker.postMessage(frame, [frame]);
      } catch { this.#next(); }
    }, 60);
  }

  // After sleep, or when another app took the camera away.
  async #wake() {
    if (document.hidden || !this.wanted) return;
    if (this.on) { this.#keepAwake(); this.#next(); return; }
    try { await this.start(); } catch { /* the panel to start it is there */ }
  }

  async #keepAwake() {
    try { await navigator.wakeLock?.request("screen"); } catch { /* a low battery refuses */ }
  }
}

function remembered() { try { return localStorage.getItem(REMEMBERED) ?? ""; } catch { return ""; } }
function forget() { try { localStorage.removeItem(REMEMBERED); } catch { /* then not */ } }
