// Builds the page anew and compares it with the one that is committed: they must be the same, byte for byte.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { build } from "vite";

const folder = mkdtempSync(join(tmpdir(), "console-"));
try {
  await build({ logLevel: "warn", build: { outDir: folder } });
  execFileSync("diff", ["-r", "../backend/app/console", folder], { stdio: "inherit" });
} catch {
  console.error("The committed page is not what the source builds. Run `npm run build`, and commit what it wrote.");
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
