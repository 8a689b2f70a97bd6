"""A torrent client on libtorrent, the engine of qBittorrent and Deluge: libtorrent-client.py TORRENT FOLDER ADDRESS.

Prints `ready` once it takes part, `downloaded` once it has everything. Leaves the swarm when its standard input ends, and
prints `left` when the tracker has been told. Finds peers by the tracker only.
"""

import sys
import threading

import libtorrent

torrent_path, folder, address = sys.argv[1:]
session = libtorrent.session(
    {
        "listen_interfaces": f"{address}:6881",
        "enable_dht": False,
        "enable_lsd": False,
        "enable_upnp": False,
        "enable_natpmp": False,
        "alert_mask": libtorrent.alert.category_t.all_categories,
    }
)
handle = session.add_torrent({"ti": libtorrent.torrent_info(torrent_path), "save_path": folder})
print("ready", flush=True)


def leave_when_told():
    sys.stdin.read()
    handle.pause()


threading.Thread(target=leave_when_told, daemon=True).start()
is_seed = False
while True:
    session.wait_for_alert(1000)
    for alert in session.pop_alerts():
        if isinstance(alert, libtorrent.tracker_error_alert):
            print(alert.message(), file=sys.stderr, flush=True)
        if isinstance(alert, libtorrent.tracker_reply_alert) and handle.status().paused:
            print("left", flush=True)
            sys.exit(0)
    if not is_seed and handle.status().is_seeding:
        is_seed = True
        print("downloaded", flush=True)
