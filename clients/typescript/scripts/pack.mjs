// Packs the package, installs it in an empty folder, and uses it there as its users do.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const PACKAGE = fileURLToPath(new URL("..", import.meta.url));
const BIN = join(PACKAGE, "node_modules", ".bin");
const CONSUMER = `
import { createUnderstudy, fold, ProblemError, type StreamedEvent, type Understudy } from "understudy-client";

const understudy: Understudy = createUnderstudy({
  baseUrl: "http://understudy.test",
  fetch: async () => Response.json({ id: "wf_1" }),
});
const workflow = await understudy.getWorkflow({ workflow_id: "wf_1" });
const numbers = (events: StreamedEvent[]): (number | null)[] => events.map((event) => event.seq);
console.log(workflow.id, numbers([]).length, typeof fold, ProblemError.name);
`;
const TSCONFIG = {
  compilerOptions: {
    target: "ES2022",
    lib: ["ES2022", "DOM", "DOM.Iterable", "DOM.AsyncIterable"],
    types: [],
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    skipLibCheck: false,
    outDir: "out",
  },
  files: ["consumer.ts"],
};

const folder = await mkdtemp(join(tmpdir(), "understudy-client-"));

/** Run a program, and fail as it does; gives what it printed. */
function run(program, ...options) {
  return execFileSync(program, options, { cwd: folder, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
}

/** Run a program, and fail as it does; gives what it complained of. */
function complaints(program, ...options) {
  const { status, stderr } = spawnSync(program, options, { cwd: folder, encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
  return stderr;
}

function check(what, isSo) {
  if (!isSo) throw new Error(`It is not so: ${what}`);
  console.log(`✓ ${what}`);
}

try {
  const packed = JSON.parse(run("npm", "pack", PACKAGE, "--json", "--no-foreground-scripts", "--loglevel", "error"))[0];
  const tarball = join(folder, packed.filename);
  const files = packed.files.map(({ path }) => path);
  check(
    "the package holds what was built, its sources and its README",
    files.every((path) => /^(dist\/|src\/|README\.md$|package\.json$)/.test(path)),
  );
  check("it holds no maps of types", !files.some((path) => path.endsWith(".d.ts.map")));
  run(join(BIN, "publint"), "run", tarball, "--strict");
  check("publint finds nothing", true);
  run(join(BIN, "attw"), tarball, "--profile", "esm-only");
  check("the types are found as the code is", true);

  await writeFile(join(folder, "package.json"), JSON.stringify({ type: "module", private: true }));
  await writeFile(join(folder, "consumer.ts"), CONSUMER);
  const installed = complaints("npm", "install", tarball, "--no-audit", "--no-fund", "--prefer-offline");
  check("it has nothing to run when it is installed", !installed.includes("install scripts"));
  for (const [module, moduleResolution] of [
    ["NodeNext", "NodeNext"],
    ["ESNext", "bundler"],
  ]) {
    const options = { ...TSCONFIG.compilerOptions, module, moduleResolution };
    await writeFile(join(folder, "tsconfig.json"), JSON.stringify({ ...TSCONFIG, compilerOptions: options }));
    run(join(BIN, "tsc"), "-p", ".");
    check(`a program compiles with moduleResolution ${moduleResolution}`, true);
    check("and runs", run(process.execPath, "out/consumer.js") === "wf_1 0 function ProblemError\n");
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
