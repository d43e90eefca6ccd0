import { notify, notifyOf } from "./notices.tsx";

/** Put a text into the clipboard, and say so. */
export async function copyText(text: string, told = "Copied."): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    notify(told);
  } catch {
    notifyOf(new Error("The browser does not let this page copy."));
  }
}

/** Give the user a text as a file. */
export function download(name: string, type: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type }));
  const link = Object.assign(document.createElement("a"), { href: address, download: name });
  link.click();
  URL.revokeObjectURL(address);
}
