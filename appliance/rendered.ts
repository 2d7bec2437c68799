/** The first line of every file that is made from the settings; `#` begins a comment in all of their formats. */
export const HEADER = "# Made by posternctl from /etc/postern/settings.yaml; changes here are lost.\n";
