// Vitest would take that of the folders above.
export default {};
