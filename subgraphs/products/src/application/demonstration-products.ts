/** A product to show the shop with. */
export interface DemonstrationProduct {
  readonly sku: string;
  readonly name: string;
  readonly description: string;
  readonly category: string;
  /** US cents. */
  readonly amount: number;
  readonly initialStock: number;
}

/** A believable shop for people who work at a desk. One product is out of stock and a few are nearly so, to be seen. */
export const demonstrationProducts: readonly DemonstrationProduct[] = [
  {
    sku: 'KEY-WRL-01',
    name: 'Wireless Keyboard',
    description:
      'Low-profile keys, three paired devices, and a battery that lasts for months. Charges over USB-C.',
    category: 'keyboards-and-mice',
    amount: 4_999,
    initialStock: 120,
  },
  {
    sku: 'KEY-MEC-01',
    name: 'Mechanical Keyboard',
    description:
      'Tenkeyless, with hot-swappable tactile switches and double-shot keycaps that do not wear off.',
    category: 'keyboards-and-mice',
    amount: 11_900,
    initialStock: 45,
  },
  {
    sku: 'MOU-ERG-01',
    name: 'Ergonomic Mouse',
    description:
      'A vertical grip that keeps the wrist straight. Six buttons, silent clicks, left- and right-handed versions in the box.',
    category: 'keyboards-and-mice',
    amount: 5_999,
    initialStock: 80,
  },
  {
    sku: 'MOU-TRK-01',
    name: 'Trackball',
    description: 'Moves the pointer and not the arm. A 44 mm ball, precise enough for drawing.',
    category: 'keyboards-and-mice',
    amount: 6_499,
    initialStock: 30,
  },
  {
    sku: 'PAD-FLT-01',
    name: 'Felt Desk Pad',
    description:
      'Merino felt on natural cork, 80 by 30 cm. Warm under the hands and quiet under the keyboard.',
    category: 'keyboards-and-mice',
    amount: 2_450,
    initialStock: 150,
  },
  {
    sku: 'HUB-USC-01',
    name: 'USB-C Hub',
    description:
      'One plug for everything: HDMI at 4K and 60 Hz, two USB-A, SD card, and 100 W of power through to the laptop.',
    category: 'computer-accessories',
    amount: 2_999,
    initialStock: 200,
  },
  {
    sku: 'DCK-TBT-01',
    name: 'Thunderbolt Dock',
    description:
      'Two 4K displays, 2.5 Gbit Ethernet and seven ports behind one cable. Fanless, in aluminium.',
    category: 'computer-accessories',
    amount: 22_900,
    initialStock: 25,
  },
  {
    sku: 'SSD-PRT-01',
    name: 'Portable SSD 1 TB',
    description: 'Writes a gigabyte a second, survives a fall from two metres, and is lighter than a letter.',
    category: 'computer-accessories',
    amount: 9_499,
    initialStock: 90,
  },
  {
    sku: 'CHG-GAN-01',
    name: 'GaN Charger 65 W',
    description: 'Charges a laptop and two phones at once and still fits in a pocket. Folding plug.',
    category: 'computer-accessories',
    amount: 3_999,
    initialStock: 160,
  },
  {
    sku: 'CAB-USC-02',
    name: 'Braided USB-C Cable, 2 m',
    description: 'Rated for 100 W and 10 Gbit/s, tested for 20,000 bends.',
    category: 'computer-accessories',
    amount: 1_499,
    initialStock: 400,
  },
  {
    sku: 'HDP-ANC-01',
    name: 'Noise-Cancelling Headphones',
    description:
      'Turns an open-plan office into a library. 30 hours on a charge, and a cable for when it runs out.',
    category: 'audio',
    amount: 19_999,
    initialStock: 40,
  },
  {
    sku: 'EAR-WRL-01',
    name: 'Wireless Earbuds',
    description: 'Small enough to forget, with a case that charges them four times over. Splash-proof.',
    category: 'audio',
    amount: 8_900,
    initialStock: 75,
  },
  {
    sku: 'MIC-USB-01',
    name: 'USB Microphone',
    description:
      'A cardioid condenser that leaves the room out of the call. Mute by touch, monitor without delay.',
    category: 'audio',
    amount: 7_900,
    initialStock: 35,
  },
  {
    sku: 'SPK-DSK-01',
    name: 'Desktop Speakers',
    description: 'A pair of full-range drivers in birch cabinets. Bluetooth, optical, and one knob.',
    category: 'audio',
    amount: 14_900,
    initialStock: 3,
  },
  {
    sku: 'MON-27K-01',
    name: '27-inch 4K Monitor',
    description:
      'True colours out of the box, a stand that turns and tilts, and power for the laptop through the same cable.',
    category: 'displays',
    amount: 37_900,
    initialStock: 20,
  },
  {
    sku: 'MON-ARM-01',
    name: 'Monitor Arm',
    description: 'Gas spring, for screens up to 9 kg. Clamps to the desk and gives the desk back.',
    category: 'displays',
    amount: 8_999,
    initialStock: 60,
  },
  {
    sku: 'CAM-WEB-01',
    name: 'Webcam 1080p',
    description: 'A glass lens, good in bad light, and a shutter that can be seen to be closed.',
    category: 'displays',
    amount: 6_900,
    initialStock: 0,
  },
  {
    sku: 'LIT-KEY-01',
    name: 'Video Call Light',
    description: 'Soft light from candle to noon. Clips to a screen and runs from its USB port.',
    category: 'displays',
    amount: 3_490,
    initialStock: 55,
  },
  {
    sku: 'MAT-STD-01',
    name: 'Standing Desk Mat',
    description: 'Takes the ache out of standing: contoured foam that invites the feet to move. 76 by 50 cm.',
    category: 'home-office',
    amount: 3_999,
    initialStock: 70,
  },
  {
    sku: 'DSK-STD-01',
    name: 'Standing Desk',
    description:
      'Bamboo, 140 by 70 cm, on two quiet motors. Remembers four heights and stops before it meets a chair.',
    category: 'home-office',
    amount: 54_900,
    initialStock: 8,
  },
  {
    sku: 'CHR-TSK-01',
    name: 'Task Chair',
    description:
      'A mesh back that follows the spine, and arms that move out of the way. Twelve years of spare parts.',
    category: 'home-office',
    amount: 32_900,
    initialStock: 12,
  },
  {
    sku: 'LMP-DSK-01',
    name: 'Desk Lamp',
    description:
      'Even light over the whole desk, without glare on the screen. Dims by touch, stays where it is put.',
    category: 'home-office',
    amount: 5_490,
    initialStock: 65,
  },
  {
    sku: 'RST-FOT-01',
    name: 'Footrest',
    description: 'Rocks gently, at three heights. For everyone whose chair was made for somebody taller.',
    category: 'home-office',
    amount: 2_990,
    initialStock: 2,
  },
  {
    sku: 'STD-LAP-01',
    name: 'Laptop Stand',
    description: 'Raises the screen to the eyes. One bent sheet of aluminium, nothing to break.',
    category: 'home-office',
    amount: 4_490,
    initialStock: 95,
  },
  {
    sku: 'NTB-DOT-01',
    name: 'Dotted Notebook',
    description:
      'A5, 192 numbered pages of 100 g paper that ink does not bleed through. Lies flat when open.',
    category: 'stationery',
    amount: 1_690,
    initialStock: 300,
  },
  {
    sku: 'PEN-FNT-01',
    name: 'Fountain Pen',
    description: 'A steel nib that forgives, a brass body that ages well. Comes with a converter.',
    category: 'stationery',
    amount: 5_200,
    initialStock: 28,
  },
  {
    sku: 'ORG-DSK-01',
    name: 'Desk Organizer',
    description: 'Walnut, with a place for the phone, the pens, and what has no place.',
    category: 'stationery',
    amount: 3_850,
    initialStock: 50,
  },
  {
    sku: 'CAL-WAL-01',
    name: 'Wall Planner',
    description: 'The whole year at a glance, on paper that can be wiped. 100 by 70 cm.',
    category: 'stationery',
    amount: 1_990,
    initialStock: 1,
  },
];
