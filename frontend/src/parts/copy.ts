import { notify, notifyOf } from "./notices.tsx";

/** Put a text into the clipboard, and say so. */
export async function copyText(text: string, told = "Copied."): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    notify(told);
  } catch {
    notifyOf(new Error("The browser does not let this page copy. Select the text, and copy it yourself."));
  }
}
