import test from "ava";
import { fingerprint, parseSshKey, sshKeyText } from "../../../appliance/settings/sshkey.ts";
import { ED25519 } from "./fixtures.ts";

const RSA_1024 =
  "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQCwznnPMrjrf/SMmWLdkdSTq/JSZbCJF1D+W1PwQRhihC2ro66LmLISEdtLJABDQ7+U3HDenRyiEOde7640EEHf9DEQA+fyyi66iwp7nf5CM7RxdDkvXu9KXvbHLYm/GFlnCpoay7KjMVPuss4wOAWG30wiKiSPOnbvrgQCtWLBmQ==";
const RSA_3072 =
  "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABgQCjQdMmIQQFU4/hweQZHSdgoe7QyvpICDpNKhzN3dWY907rdVklqfrAotI4p2eyER4nFXfEYgnVSCcssja4ZSRD2lqfJ0rL2ttrc/HC/4h8ETHndM/I8QfNx29wsTTotwQQ33hDhzNETzqkHUXWK6jqZX90nq17qIUYi7MZtp4LeR+pj9igDb9uL18F9yVygDSR45NX3ab7F7t70giOITUO2swo0cod19OQduVHUadJUDF/JgmAEKLvPIeUTkN09FKtki0UYDTw1DhcX9+e8Ove1EbHUbBf2uGuyXuQxLZmHSDrDNc1rL9/VnVV7JnQ+/dyDClYDE/erSzra1RFXHFIAjq+fE2josk0r1bn4NlT6GHXdTC+aYzExxder3Pj/tJSK8yN/AVdIu91d/mZzr0dkMFIsUSErSz4qe2hDkD+Pz84gZd+QHxqfS/XcFJvfkr/Qs+SbQMZmunFZ5I9G53ET0f9exLzxHoHuy2s54FSS/uqTJIpeLM5hoMitEuXq1M= two words";
const ECDSA =
  "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBOdfsF6XekN0WotReW/PWul00zJzSexj6pCvLV5WVzovL/QNpEinx0Jv5CkKZOH1po2e9+zvusjvwGA/O7zDh7M=";

for (const line of [ED25519, RSA_3072, ECDSA]) {
  test(`taken: ${line.slice(0, 24)}`, (t) => {
    const parsed = parseSshKey(`  ${line}\n`);

    t.is(parsed.ok ? sshKeyText(parsed.value) : parsed.problem, line);
  });
}

const REFUSED: [string, string, RegExp][] = [
  ["nothing", "", /pub file/],
  ["private key", "-----BEGIN OPENSSH PRIVATE KEY-----", /this is a private key/],
  ["options", `no-pty ${ED25519}`, /begin with the key type/],
  ["DSA", "ssh-dss AAAAB3NzaC1kc3M=", /too weak/],
  ["short RSA", RSA_1024, /2048 bits or more; this has 1024/],
  ["cut off", ED25519.replace("AhVo", "").replace(" admin@desk", ""), /damaged|not a whole/],
  ["another type in the blob", ED25519.replace("ssh-ed25519 ", "ssh-rsa "), /not a whole ssh-rsa key/],
  ["two lines", `${ED25519}\n${ED25519}`, /without line breaks/],
  ["escape in the comment", `${ED25519}\u001b[2J`, /without line breaks/],
];
for (const [title, line, problem] of REFUSED) {
  test(`refused: ${title}`, (t) => {
    const parsed = parseSshKey(line);

    t.false(parsed.ok);
    if (!parsed.ok) t.regex(parsed.problem, problem);
  });
}

test("the fingerprint is the one ssh-keygen -l prints", (t) => {
  const parsed = parseSshKey(ED25519);

  t.is(parsed.ok ? fingerprint(parsed.value) : "", "SHA256:zsAFGkeN+NKfS/E5WoqEWF2wIej4Bv9o/11Q0JN3/jA");
});
