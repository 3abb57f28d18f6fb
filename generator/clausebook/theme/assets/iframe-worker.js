// Search runs in a worker, and browsers start none for pages opened from a disk. There, and only
// there, a hidden frame stands in for it, so that search works from a memory stick too.
// The theme looks for the name IFrameWorker; a polyfill of that name keeps it from fetching its own.
if (location.protocol === "file:") {
  const load = (frame, url) =>
    new Promise((resolve, reject) => {
      const script = frame.document.createElement("script")
      script.src = new URL(url, location.href).href
      script.onload = resolve
      script.onerror = reject
      frame.document.head.append(script)
    })

  window.IFrameWorker = window.Worker = class extends EventTarget {
    constructor(url) {
      super()
      this.element = document.createElement("iframe")
      this.element.hidden = true
      document.body.append(this.element)
      this.frame = this.element.contentWindow
      this.frame.postMessage = data => {
        const event = new MessageEvent("message", { data })
        this.dispatchEvent(event)
        this.onmessage?.(event)
      }
      this.frame.importScripts = (...urls) =>
        urls.reduce((before, next) => before.then(() => load(this.frame, next)), Promise.resolve())
      this.ready = load(this.frame, url)
    }

    postMessage(data) {
      this.ready.then(() => this.frame.dispatchEvent(new MessageEvent("message", { data })))
    }

    terminate() {
      this.element.remove()
    }
  }
}
