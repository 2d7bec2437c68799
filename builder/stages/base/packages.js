const INST = /^Inst (?<name>\S+) (?:\[[^\]]*\] )?\((?<version>\S+) /;
/** The packages that `apt-get --simulate` says it would install, sorted by name. */
export function parseSimulation(output) {
    const found = new Map();
    for (const line of output.split("\n")) {
        const { name, version } = INST.exec(line)?.groups ?? {};
        if (name !== undefined && version !== undefined)
            found.set(name, version);
    }
    return sorted(found);
}
/** The packages of a `packages.tsv` (name, version, architecture, source, source version). */
export function parsePackageList(text) {
    const found = new Map();
    for (const line of text.split("\n")) {
        const [name, version] = line.split("\t");
        if (name !== undefined && version !== undefined)
            found.set(name, version);
    }
    return sorted(found);
}
function sorted(found) {
    return [...found].map(([name, version]) => ({ name, version })).sort((a, b) => (a.name < b.name ? -1 : 1));
}
/**
 * Packages whose version is not the one that was resolved, one line each. A simulation may choose another
 * alternative of a dependency than the real run (it unpacks nothing), so only names in both are compared.
 */
export function versionChanges(resolved, installed) {
    const expected = new Map(resolved.map(({ name, version }) => [name, version]));
    return installed
        .filter(({ name, version }) => expected.has(name) && expected.get(name) !== version)
        .map(({ name, version }) => `${name}: ${expected.get(name)} -> ${version}`);
}
