import { fileURLToPath } from "node:url";

import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

const SERVER = process.env["UNDERSTUDY_URL"] ?? "http://127.0.0.1:8000";

export default defineConfig({
  // The page works below any address, such as that of a sandbox.
  base: "./",
  plugins: [react()],
  resolve: {
    alias: { "understudy-client": fileURLToPath(new URL("../clients/typescript/src/index.ts", import.meta.url)) },
    dedupe: ["openapi-fetch", "eventsource-parser"],
  },
  build: {
    outDir: "../backend/app/console",
    assetsDir: "console",
    emptyOutDir: true,
    target: "es2022",
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: {
        // The icon keeps its name, so that the contract can show a file that every build has.
        assetFileNames: ({ names }) =>
          names.includes("icon.svg") ? "console/icon.svg" : "console/[name]-[hash][extname]",
      },
    },
    assetsInlineLimit: 0,
  },
  server: { proxy: { "^/(api|_control|s|health|docs|openapi|problems)([/.?]|$)": SERVER } },
  test: { include: ["tests/**/*.test.ts"] },
});
