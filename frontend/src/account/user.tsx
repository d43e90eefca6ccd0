/** Who is logged in, and the way to log in and out. */
export function User() {
  return null;
}
