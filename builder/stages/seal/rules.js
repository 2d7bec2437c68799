import { BUILD_USER } from "../../overlays/seed.ts";
export const SEAL_RULES = [
    { id: "host-keys", title: "SSH host keys", drop: ["etc/ssh/ssh_host_*"] },
    { id: "machine-id", title: "the machine id's copies", drop: ["var/lib/dbus/machine-id"] },
    {
        id: "build-user",
        title: "the build user",
        drop: [
            `home/${BUILD_USER}`,
            `home/${BUILD_USER}/**`,
            "etc/sudoers.d/90-cloud-init-users",
            "etc/passwd-",
            "etc/shadow-",
            "etc/group-",
            "etc/gshadow-",
            "etc/subuid-",
            "etc/subgid-",
            `var/mail/${BUILD_USER}`,
        ],
    },
    {
        id: "cloud-init",
        title: "cloud-init's instance and what it wrote",
        drop: [
            "var/lib/cloud/**",
            "etc/netplan/50-cloud-init.yaml",
            "etc/ssh/sshd_config.d/50-cloud-init.conf",
            "etc/systemd/network/10-cloud-init-*",
        ],
    },
    {
        id: "random-seed",
        title: "random seeds and credentials",
        drop: ["var/lib/systemd/random-seed", "var/lib/systemd/credential.secret", "var/lib/chrony/*"],
    },
    {
        id: "leases",
        title: "network leases",
        drop: ["var/lib/dhcp/**", "var/lib/dhcpcd/**", "var/lib/systemd/network/**"],
    },
    {
        id: "caches",
        title: "caches, package lists and back-ups",
        drop: [
            "var/cache/apt/**",
            "var/lib/apt/lists/**",
            "var/cache/debconf/*-old",
            "var/cache/ldconfig/**",
            "var/cache/man/**",
            "var/cache/apparmor/**",
            "var/lib/dpkg/*-old",
            "var/lib/systemd/timers/**",
            "var/lib/systemd/rfkill/**",
            "var/lib/logrotate/status",
            "var/backups/**",
            "root/.cache/**",
            "root/.bash_history",
            "root/.ssh/**",
            "lost+found",
        ],
    },
    { id: "temporary", title: "temporary files", drop: ["tmp/**", "var/tmp/**", "run/**"] },
    // The disk writer lays these anew, with the ids of the disk that ships.
    { id: "disk-files", title: "files that name a disk", drop: ["etc/fstab", "boot/grub/grub.cfg"] },
];
/** Logs leave, their folders stay: daemons expect those with their owners. */
const LOGS = "var/log";
/** But the journal's folder is named after the machine id. */
const JOURNAL = "var/log/journal/**";
/** The files whose text is put right instead of dropped. */
export const SEAL_EDITS = {
    "etc/machine-id": () => "uninitialized\n",
    "etc/hostname": () => "postern\n",
    "etc/passwd": withoutBuildUser,
    "etc/shadow": withoutBuildUser,
    "etc/group": withoutBuildMember,
    "etc/gshadow": withoutBuildMember,
    "etc/subuid": withoutBuildUser,
    "etc/subgid": withoutBuildUser,
};
/** Takes the build user's line out of a colon file. */
function withoutBuildUser(text) {
    return keepLines(text, (line) => !line.startsWith(`${BUILD_USER}:`));
}
/** Takes the build user's group out, and the build user out of every group. */
function withoutBuildMember(text) {
    const lines = keepLines(text, (line) => !line.startsWith(`${BUILD_USER}:`)).split("\n");
    return lines.map(withoutMember).join("\n");
}
function withoutMember(line) {
    const colon = line.lastIndexOf(":");
    if (colon < 0)
        return line;
    const members = line.slice(colon + 1).split(",");
    return `${line.slice(0, colon + 1)}${members.filter((member) => member !== BUILD_USER).join(",")}`;
}
function keepLines(text, keep) {
    return text.split("\n").filter(keep).join("\n");
}
const MATCHERS = SEAL_RULES.map(({ id, drop }) => ({ id, pattern: patternOf(drop) }));
const JOURNAL_PATTERN = patternOf([JOURNAL]);
/** The id of the rule that takes this entry out, if one does. */
export function droppedBy(path, isDirectory) {
    const rule = MATCHERS.find(({ pattern }) => pattern.test(path));
    if (rule !== undefined)
        return rule.id;
    if (JOURNAL_PATTERN.test(path))
        return "logs";
    return !isDirectory && path.startsWith(`${LOGS}/`) ? "logs" : undefined;
}
function patternOf(globs) {
    const sources = globs.map((glob) => glob
        .split("/")
        .map((part) => part === "**" ? ".+" : part.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", "[^/]*"))
        .join("/"));
    return new RegExp(`^(?:${sources.join("|")})$`);
}
