"""A canvas in place of the camera, for browsers that cannot play a film: what is held before it is
drawn there.
"""

import qrcode

from tests.browser.support.remote import Remote

CAMERA = """
const canvas = document.createElement("canvas"), pen = canvas.getContext("2d");
canvas.width = 1280; canvas.height = 720;
const draw = () => {
  const rows = window.held || [], dot = 14, left = 640 - rows.length * dot / 2, top = 360 - rows.length * dot / 2;
  pen.fillStyle = "#c8c8c8"; pen.fillRect(0, 0, 1280, 720);
  rows.forEach((row, y) => [...row].forEach((dark, x) => {
    pen.fillStyle = dark === "1" ? "#000" : "#fff";
    pen.fillRect(left + x * dot, top + y * dot, dot, dot);
  }));
};
draw();
window.drawing = setInterval(draw, 50);
MediaDevices.prototype.getUserMedia = async () => canvas.captureStream(20);
MediaDevices.prototype.enumerateDevices = async () => [{ kind: "videoinput", deviceId: "canvas", label: "Canvas" }];
"""


def replace_camera(window: Remote) -> None:
    """From now on, until the page is loaded again, the canvas is the camera of this page."""
    window.run(CAMERA)


def hold(window: Remote, text: str) -> None:
    """Hold the QR code of this text before the camera; nothing for no text."""
    rows: list[str] = []
    if text:
        code = qrcode.QRCode(border=4)
        code.add_data(text)
        rows = ["".join("1" if dark else "0" for dark in row) for row in code.get_matrix()]
    window.run("window.held = arguments[0]", rows)
