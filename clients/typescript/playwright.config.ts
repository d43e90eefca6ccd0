import { defineConfig } from "@playwright/test";

import { chromium } from "./tests/chromium.js";
import { COMMAND, READY } from "./tests/server.js";

export default defineConfig({
  testDir: "tests/browser",
  outputDir: "tests/browser/.results",
  fullyParallel: true,
  reporter: "list",
  workers: 2,
  use: { launchOptions: { executablePath: chromium() } },
  webServer: [
    { name: "Understudy", command: COMMAND.map((word) => JSON.stringify(word)).join(" "), wait: { stdout: READY } },
    {
      name: "Page",
      command: "vite tests/browser --host 127.0.0.1 --port 0",
      wait: { stdout: /(?<page_url>http:\S+[^/\s])/ },
    },
  ],
});
