#!/bin/sh
# Install Zhanggui, the open AI shopkeeper, or bring an installation to a newer version. POSIX sh; no git, no Node.
#
#   sh install.sh                       from the package index that pip uses (PIP_INDEX_URL)
#   sh install.sh zhanggui-0.1.0-py3-none-any.whl     from a wheel
#   sh install.sh --uninstall           the program and its service go, the data stay
#
# Settings, as options or in the environment:
#   --prefix DIR     where the program goes    (root: /opt/zhanggui, else ~/.local/share/zhanggui)
#   --home DIR       where the data go         (root: /var/lib/zhanggui, else ~/.local/share/zhanggui-data)
#   --bin DIR        where `zhanggui` is linked (root: /usr/local/bin, else ~/.local/bin)
#   --shop NAME      the first shop            (shop)
#   --owner ACCOUNT  who may log in first      (owner)
#   --port PORT      where it listens, on this machine only (8000)
#   --no-service     no systemd service, no nightly backup
#   PYTHON           the Python to use, 3.11 or newer
set -eu

main() {
	read_options "$@"
	if [ -n "$uninstall" ]; then
		uninstall
		exit 0
	fi
	find_python
	stop_service
	install_program
	prepare_home
	if [ -n "$systemd" ]; then
		install_service
	else
		tell_how_to_start
	fi
	tell_login
}

say() { printf '%s\n' "$*"; }
fail() {
	printf 'install.sh: %s\n' "$*" >&2
	exit 1
}

read_options() {
	if [ "$(id -u)" = 0 ]; then
		as_root=1 prefix=/opt/zhanggui home=/var/lib/zhanggui bin=/usr/local/bin
		units=/etc/systemd/system
	else
		as_root='' share=${XDG_DATA_HOME:-$HOME/.local/share}
		prefix=$share/zhanggui home=$share/zhanggui-data bin=$HOME/.local/bin
		units=${XDG_CONFIG_HOME:-$HOME/.config}/systemd/user
	fi
	source=zhanggui shop=shop owner=owner port=8000 uninstall='' service=1
	while [ $# -gt 0 ]; do
		case $1 in
		--prefix | --home | --bin | --shop | --owner | --port)
			[ $# -ge 2 ] || fail "$1 needs a value."
			case $1 in
			--prefix) prefix=$2 ;;
			--home) home=$2 ;;
			--bin) bin=$2 ;;
			--shop) shop=$2 ;;
			--owner) owner=$2 ;;
			--port) port=$2 ;;
			esac
			shift
			;;
		--no-service) service='' ;;
		--uninstall) uninstall=1 ;;
		-h | --help)
			sed -n '2,/^set /{/^set /d;s/^# \{0,1\}//;p;}' "$0"
			exit 0
			;;
		-*) fail "there is no option $1; see: sh install.sh --help" ;;
		*) source=$1 ;;
		esac
		shift
	done
	case $prefix$home$bin in *[[:space:]]*) fail "paths with spaces are not taken: $prefix $home $bin" ;; esac
	case $source in *.whl) [ -f "$source" ] || fail "there is no wheel $source." ;; esac
	systemd=''
	if [ -n "$service" ] && has_systemd; then systemd=1; fi
}

# Whether a service manager runs that would take our units: having systemctl is not enough (containers).
has_systemd() {
	[ -d /run/systemd/system ] && command -v systemctl >/dev/null 2>&1 || return 1
	[ -n "$as_root" ] || systemctl --user show-environment >/dev/null 2>&1
}

sysctl_() {
	if [ -n "$as_root" ]; then systemctl "$@"; else systemctl --user "$@"; fi
}

is_new_enough() {
	"$1" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

find_python() {
	for candidate in ${PYTHON:+"$PYTHON"} python3 python3.14 python3.13 python3.12 python3.11; do
		if command -v "$candidate" >/dev/null 2>&1 && is_new_enough "$candidate"; then
			python=$candidate
			return
		fi
		[ -z "${PYTHON:-}" ] || break
	done
	fail "Python 3.11 or newer with venv is needed, and there is none. Debian, Ubuntu: apt install python3 python3-venv.
Red Hat: dnf install python3.11. macOS: brew install python@3.12. Another one: PYTHON=/path/to/python3.11 sh install.sh"
}

stop_service() {
	[ -n "$systemd" ] && [ -f "$units/zhanggui.service" ] || return 0
	say "Stopping the service while it is renewed."
	sysctl_ stop zhanggui.service || true
}

# A new environment is made beside the old one and takes its place when it is whole.
install_program() {
	say "Installing into $prefix with $("$python" --version)."
	mkdir -p "$prefix" "$bin"
	version=$(date -u +%Y%m%dT%H%M%SZ)-$$
	"$python" -m venv "$prefix/$version"
	"$prefix/$version/bin/python" -m pip install --quiet --disable-pip-version-check --upgrade "$source" ||
		{
			rm -rf "${prefix:?}/$version"
			fail "pip could not install $source. With an index of your own: PIP_INDEX_URL=https://… sh install.sh"
		}
	"$prefix/$version/bin/zhanggui" --version >/dev/null
	before=$(readlink "$prefix/current" 2>/dev/null || true)
	ln -sfn "$version" "$prefix/current"
	printf '%s\n' '#!/bin/sh' "ZHANGGUI_HOME=\${ZHANGGUI_HOME:-$home} exec $prefix/current/bin/zhanggui \"\$@\"" >"$prefix/zhanggui"
	chmod 755 "$prefix/zhanggui"
	ln -sf "$prefix/zhanggui" "$bin/zhanggui"
	[ -z "$before" ] || rm -rf "${prefix:?}/$before"
	case :$PATH: in *:"$bin":*) ;; *) say "Put $bin into your PATH to call zhanggui by its name." ;; esac
}

# Runs zhanggui as whoever owns the data.
zhanggui_() {
	if [ -n "$as_root" ] && [ -n "$systemd" ]; then
		setpriv --reuid=zhanggui --regid=zhanggui --clear-groups env "ZHANGGUI_HOME=$home" "$prefix/current/bin/zhanggui" "$@"
	else
		ZHANGGUI_HOME=$home "$prefix/current/bin/zhanggui" "$@"
	fi
}

prepare_home() {
	if [ -n "$as_root" ] && [ -n "$systemd" ]; then
		id zhanggui >/dev/null 2>&1 || useradd --system --home-dir "$home" --shell /usr/sbin/nologin zhanggui
		install -d -m 700 -o zhanggui -g zhanggui "$home" "$home-backups"
	fi
	if [ -f "$home/control.db" ]; then
		say "Bringing the data in $home to this version, after a backup."
		zhanggui_ backup --to "$home-backups" >/dev/null 2>&1 || say "No backup could be made before (an older version?)."
		zhanggui_ migrate
	else
		zhanggui_ init "$shop"
		is_first=1
	fi
}

install_service() {
	mkdir -p "$units"
	if [ -n "$as_root" ]; then
		who='User=zhanggui
Group=zhanggui
ProtectHome=yes
PrivateUsers=yes
CapabilityBoundingSet='
		target=multi-user.target
	else
		who='' target=default.target
	fi
	hardening="$who
UMask=0077
NoNewPrivileges=yes
ProtectSystem=strict
ReadWritePaths=$home $home-backups
PrivateTmp=yes
PrivateDevices=yes
ProtectKernelTunables=yes
ProtectKernelModules=yes
ProtectControlGroups=yes
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6
RestrictNamespaces=yes
RestrictSUIDSGID=yes
LockPersonality=yes
SystemCallArchitectures=native"
	mkdir -p "$home-backups"
	cat >"$units/zhanggui.service" <<UNIT
[Unit]
Description=Zhanggui, the open AI shopkeeper
After=network.target

[Service]
Environment=ZHANGGUI_HOME=$home NUMBA_CACHE_DIR=$home/cache
ExecStart=$prefix/current/bin/zhanggui serve --port $port
ExecReload=/bin/kill -HUP \$MAINPID
Restart=on-failure
RestartSec=2
TimeoutStopSec=60
$hardening

[Install]
WantedBy=$target
UNIT
	cat >"$units/zhanggui-backup.service" <<UNIT
[Unit]
Description=Nightly backup of Zhanggui

[Service]
Type=oneshot
Nice=10
Environment=ZHANGGUI_HOME=$home NUMBA_CACHE_DIR=$home/cache
ExecStart=$prefix/current/bin/zhanggui backup --to $home-backups
$hardening
UNIT
	cat >"$units/zhanggui-backup.timer" <<UNIT
[Unit]
Description=Nightly backup of Zhanggui

[Timer]
OnCalendar=*-*-* 03:17:00
RandomizedDelaySec=20min
Persistent=true

[Install]
WantedBy=timers.target
UNIT
	sysctl_ daemon-reload
	sysctl_ enable --quiet --now zhanggui.service zhanggui-backup.timer
	[ -n "$as_root" ] || loginctl enable-linger "$(id -un)" 2>/dev/null ||
		say "It runs while you are logged in; for always: sudo loginctl enable-linger $(id -un)"
	if [ -n "$as_root" ]; then log='-u zhanggui'; else log='--user -u zhanggui'; fi
	say "It runs on http://127.0.0.1:$port. Its log: journalctl $log"
}

tell_how_to_start() {
	say "No systemd here. Start it:"
	say "  $bin/zhanggui serve --port $port"
	say "For a backup each night, put this line into crontab -e:"
	say "  17 3 * * * $bin/zhanggui backup --to $home-backups"
}

tell_login() {
	[ -n "${is_first:-}" ] || {
		say "Done: $(zhanggui_ --version). Nobody's login has changed."
		return 0
	}
	say "Log in within 15 minutes by this link, which works once (a new one: zhanggui users login-link $owner):"
	say "  $(ZHANGGUI_SERVER__PORT=$port zhanggui_ users add "$owner" --role owner 2>/dev/null || zhanggui_ users login-link "$owner")"
}

uninstall() {
	if [ -n "$systemd" ] && [ -f "$units/zhanggui.service" ]; then
		sysctl_ disable --quiet --now zhanggui.service zhanggui-backup.timer || true
		rm -f "$units/zhanggui.service" "$units/zhanggui-backup.service" "$units/zhanggui-backup.timer"
		sysctl_ daemon-reload
	fi
	if [ "$(readlink "$bin/zhanggui" 2>/dev/null)" = "$prefix/zhanggui" ]; then rm -f "$bin/zhanggui"; fi
	if [ -L "$prefix/current" ]; then
		rm -rf "${prefix:?}/$(readlink "$prefix/current")" "$prefix/current" "$prefix/zhanggui"
		rmdir "$prefix" 2>/dev/null || true
	fi
	say "The program is gone. The data are still in $home and $home-backups; delete them yourself if you mean it."
}

main "$@"
