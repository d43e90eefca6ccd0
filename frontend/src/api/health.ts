import { queryOptions } from "@tanstack/react-query";

import { api } from "./client.ts";

/** What the server says of itself; it says so once, for it changes only when it starts again. */
export const HEALTH = queryOptions({
  queryKey: ["health"],
  queryFn: () => api.getServerHealth(),
  staleTime: "static",
});
