// Finds QR codes in frames, away from the page. Its WebAssembly comes from our own address.
import { BarcodeDetector, prepareZXingModule } from "/static/vendor/barcode-detector/ponyfill.js";

prepareZXingModule({ overrides: { locateFile: (name) => `/static/vendor/barcode-detector/${name}` }, fireImmediately: true });
const detector = new BarcodeDetector({ formats: ["qr_code"] });

onmessage = async ({ data: { frame, at } }) => {
  let codes = [];
  try {
    codes = (await detector.detect(frame)).map((code) => code.rawValue);
  } catch { /* a frame that cannot be read has no code */ }
  frame.close();
  postMessage({ codes, at });
};
