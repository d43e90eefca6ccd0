import type { Send } from "../api/renewal.ts";

/** A way to send requests that tells how many bytes have left. */
export function sendTelling(onSent: (bytes: number) => void): Send {
  return async (request) => send(request, await request.blob(), onSent);
}

function send(request: Request, body: Blob, onSent: (bytes: number) => void): Promise<Response> {
  return new Promise((resolve, reject) => {
    const call = new XMLHttpRequest();
    call.open(request.method, request.url);
    call.responseType = "blob";
    request.headers.forEach((value, name) => call.setRequestHeader(name, value));
    call.upload.onprogress = ({ loaded }) => onSent(loaded);
    call.onload = () => resolve(answerOf(call));
    // As `fetch` does it, so that what is said to people is the same.
    call.onerror = () => reject(new TypeError("The upload failed."));
    call.onabort = () => reject(new DOMException("The upload was cancelled.", "AbortError"));
    request.signal.addEventListener("abort", () => call.abort());
    if (request.signal.aborted) call.onabort(new ProgressEvent("abort"));
    else call.send(body);
  });
}

function answerOf(call: XMLHttpRequest): Response {
  const lines = call.getAllResponseHeaders().trim().split("\r\n");
  const headers = lines.map((line) => line.split(/: (.*)/s).slice(0, 2) as [string, string]);
  return new Response(call.response as Blob, { status: call.status, statusText: call.statusText, headers });
}
