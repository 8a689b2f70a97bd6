// The program that a peer id comes from (BEP 20). Most ids begin with a dash, two letters, four version characters and
// another dash (Azureus style); some older ones with a letter, the version and dashes (Shadow style). Clients can lie.

/** By the two letters of Azureus style. */
const AZUREUS_STYLE: Readonly<Record<string, string>> = {
  '7T': 'aTorrent',
  AB: 'AnyEvent::BitTorrent',
  AG: 'Ares',
  AR: 'Arctic',
  AT: 'Artemis',
  AV: 'Avicora',
  AX: 'BitPump',
  AZ: 'Vuze',
  'A~': 'Ares',
  BB: 'BitBuddy',
  BC: 'BitComet',
  BE: 'BitTorrent SDK',
  BF: 'BitFlu',
  BG: 'BTG',
  BI: 'BiglyBT',
  BL: 'BitLord',
  BN: 'Baidu Netdisk',
  BP: 'BitTorrent Pro',
  BR: 'BitRocket',
  BS: 'BTSlave',
  BT: 'BitTorrent',
  BW: 'BitWombat',
  BX: 'BittorrentX',
  CD: 'Enhanced CTorrent',
  CT: 'CTorrent',
  DE: 'Deluge',
  DP: 'Propagate Data Client',
  EB: 'EBit',
  ES: 'Electric Sheep',
  FC: 'FileCroc',
  FD: 'Free Download Manager',
  FG: 'FlashGet',
  FL: 'Flud',
  FT: 'FoxTorrent',
  FW: 'FrostWire',
  FX: 'Freebox',
  GR: 'GetRight',
  GS: 'GSTorrent',
  GT: 'anacrolix/torrent',
  HL: 'Halite',
  HN: 'Hydranode',
  JT: 'JavaTorrent',
  KG: 'KGet',
  KT: 'KTorrent',
  LC: 'LeechCraft',
  LH: 'LH-ABC',
  LP: 'Lphant',
  LR: 'LibreTorrent',
  LT: 'libtorrent',
  LW: 'LimeWire',
  MG: 'MediaGet',
  MK: 'Meerkat',
  MO: 'MonoTorrent',
  MP: 'MooPolice',
  MR: 'Miro',
  MT: 'Moonlight',
  NX: 'Net Transport',
  OS: 'OneSwarm',
  OT: 'OmegaTorrent',
  PC: 'CacheLogic',
  PI: 'PicoTorrent',
  PD: 'Pando',
  PT: 'PHPTracker',
  QD: 'QQDownload',
  QT: 'Qt 4 Torrent',
  RC: 'Torrust tracker client',
  RS: 'Rufus',
  RT: 'Retriever',
  RZ: 'RezTorrent',
  SB: 'Swiftbit',
  SD: 'Xunlei',
  SM: 'SoMud',
  SN: 'ShareNET',
  SP: 'BitSpirit',
  SS: 'SwarmScope',
  ST: 'SymTorrent',
  SZ: 'Shareaza',
  TB: 'Torch',
  TE: 'Terasaur',
  TL: 'Tribler',
  TN: 'Torrent.NET',
  TR: 'Transmission',
  TS: 'TorrentStorm',
  TT: 'TuoTu',
  TX: 'Tixati',
  UE: 'µTorrent Embedded',
  UL: 'uLeecher!',
  UM: 'µTorrent Mac',
  UT: 'µTorrent',
  UW: 'µTorrent Web',
  VG: 'Vagaa',
  WD: 'WebTorrent Desktop',
  WT: 'BitLet',
  WW: 'WebTorrent',
  WY: 'FireTorrent',
  XC: 'Xtorrent',
  XF: 'Xfplay',
  XL: 'Xunlei',
  XT: 'XanTorrent',
  XX: 'Xtorrent',
  ZT: 'ZipTorrent',
  bk: 'BitKitten',
  lt: 'rTorrent',
  pX: 'pHoeniX',
  qB: 'qBittorrent',
  st: 'Sharktorrent',
}

/** By the letter of Shadow style. */
const SHADOW_STYLE: Readonly<Record<string, string>> = {
  A: 'ABC',
  O: 'Osprey Permaseed',
  Q: 'BTQueue',
  R: 'Tribler',
  S: 'Shadow',
  T: 'BitTornado',
  U: 'UPnP NAT',
}

/** Letters and a version with dashes: `M7-10-5--`, `A2-1-37-0-`. */
const MAINLINE_STYLE = /^(M|Q|A2-)\d{1,2}-\d{1,2}-\d{1,2}-/
const AZUREUS_SHAPE = /^-([A-Za-z0-9~]{2})[A-Za-z0-9.~+]{4}-/
/** A letter, five characters of version and padding, and two dashes. */
const SHADOW_SHAPE = /^([AOQRSTU])[0-9A-Za-z.-]{5}--/

const MAINLINE_NAMES: Readonly<Record<string, string>> = { M: 'BitTorrent', Q: 'Queen Bee', 'A2-': 'aria2' }

/** The name of the program; null for an unknown style or code. It contains no part of the id itself. */
export function clientName(peerId: Uint8Array): string | null {
  const text = String.fromCharCode(...peerId.subarray(0, 11))
  const azureus = AZUREUS_SHAPE.exec(text)
  if (azureus !== null) return named(AZUREUS_STYLE, azureus[1])
  const mainline = MAINLINE_STYLE.exec(text)
  if (mainline !== null) return named(MAINLINE_NAMES, mainline[1])
  const shadow = SHADOW_SHAPE.exec(text)
  return shadow === null ? null : named(SHADOW_STYLE, shadow[1])
}

function named(names: Readonly<Record<string, string>>, code: string): string | null {
  return Object.hasOwn(names, code) ? names[code] : null
}
