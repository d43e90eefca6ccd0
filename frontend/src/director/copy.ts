import { notify, notifyOf } from "../parts/notices.tsx";

/** Put text on the clipboard, and say so. */
export async function copy(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    notify("Copied.");
  } catch {
    notifyOf(new Error("The browser does not let this page copy. Select the text, and copy it yourself."));
  }
}
