import { QueryClient } from "@tanstack/react-query";
import { ProblemError } from "understudy-client";

/** What this page has read, by operation and parameters. A refusal is final; a lost connection is tried again. */
export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      // A browser without a network may still reach a server on its own machine, and a failure is told where it is seen.
      networkMode: "always",
      retry: (count, error) => !(error instanceof ProblemError) && count < 3,
    },
  },
});
