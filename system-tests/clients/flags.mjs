/** Command-line flags as an object: every flag takes a value; a missing one without default is an error. */
export function flags(defaults) {
  const given = {};
  for (let i = 2; i < process.argv.length; i += 2) {
    given[process.argv[i].replace(/^--/, '')] = process.argv[i + 1];
  }
  const all = { ...defaults, ...given };
  for (const [name, value] of Object.entries(all)) {
    if (value === undefined) throw new Error(`--${name} is missing`);
    if (!(name in defaults)) throw new Error(`--${name} is not known`);
  }
  return all;
}
