import { QueryClient } from "@tanstack/react-query";
import { ProblemError } from "understudy-client";

/** What this page has read, by operation and parameters. A refusal is final; a lost connection is tried again. */
export const queries = new QueryClient({
  defaultOptions: {
    queries: { staleTime: 30_000, retry: (count, error) => !(error instanceof ProblemError) && count < 3 },
  },
});
