/** What the weights of 2015-12-05 add up to, so that a copy of them in any format is known by its numbers. */
import { CONVOLUTIONS, type InceptionWeights } from "./architecture.ts";

/**
 * Of each convolution, batch norm folded: the sum of its weights and the sum of its biases. Source: the official
 * network; of two convolutions only the biases were at hand, and nothing of the classifier.
 */
const SUMS: Readonly<Record<string, readonly [weights: number | undefined, biases: number]>> = {
  conv: [-0.2836, 25.3048],
  conv_1: [2.7315, 26.9498],
  conv_2: [-87.2138, 170.6471],
  conv_3: [-15.8507, 105.2081],
  conv_4: [56.1846, 281.9775],
  "mixed/conv": [17.8067, 81.6716],
  "mixed/tower/conv": [11.1168, 33.1668],
  "mixed/tower/conv_1": [-6.5758, 45.9518],
  "mixed/tower_1/conv": [-9.7858, 63.2941],
  "mixed/tower_1/conv_1": [-89.617, 51.049],
  "mixed/tower_1/conv_2": [-94.8962, 30.2586],
  "mixed/tower_2/conv": [4.4578, -31.9479],
  "mixed_1/conv": [21.7276, 76.1122],
  "mixed_1/tower/conv": [-2.2468, 21.5303],
  "mixed_1/tower/conv_1": [-38.2707, 52.6954],
  "mixed_1/tower_1/conv": [-1.0984, 21.7274],
  "mixed_1/tower_1/conv_1": [-41.8911, -25.7179],
  "mixed_1/tower_1/conv_2": [-198.927, 38.7124],
  "mixed_1/tower_2/conv": [-4.2672, -36.3755],
  "mixed_10/conv": [-1220.6754, 15.3007],
  "mixed_10/tower/conv": [-10498.2544, 85.5215],
  "mixed_10/tower/mixed/conv": [-1292.7215, -136.3633],
  "mixed_10/tower/mixed/conv_1": [-1751.6554, -120.7128],
  "mixed_10/tower_1/conv": [-8848.0136, -16.2427],
  "mixed_10/tower_1/conv_1": [undefined, 226.2559],
  "mixed_10/tower_1/mixed/conv": [-5996.3883, -91.403],
  "mixed_10/tower_1/mixed/conv_1": [-5967.0235, -74.2828],
  "mixed_10/tower_2/conv": [82.035, -37.635],
  "mixed_2/conv": [-39.0631, 0.6877],
  "mixed_2/tower/conv": [-19.4194, 4.5803],
  "mixed_2/tower/conv_1": [-101.2483, 16.8183],
  "mixed_2/tower_1/conv": [-4.7682, 19.0792],
  "mixed_2/tower_1/conv_1": [-91.4953, -12.6405],
  "mixed_2/tower_1/conv_2": [-227.4798, 12.5756],
  "mixed_2/tower_2/conv": [-18.0984, -27.6884],
  "mixed_3/conv": [-112.2891, -179.6517],
  "mixed_3/tower/conv": [-37.2667, -23.6843],
  "mixed_3/tower/conv_1": [-309.5647, -0.1911],
  "mixed_3/tower/conv_2": [-107.1378, 10.8635],
  "mixed_4/conv": [-48.8797, -58.0585],
  "mixed_4/tower/conv": [-191.0746, -40.9884],
  "mixed_4/tower/conv_1": [-226.6027, 26.9934],
  "mixed_4/tower/conv_2": [-423.8937, 15.6603],
  "mixed_4/tower_1/conv": [-72.1872, -15.4777],
  "mixed_4/tower_1/conv_1": [-77.0375, -7.8724],
  "mixed_4/tower_1/conv_2": [-145.9832, 5.2172],
  "mixed_4/tower_1/conv_3": [-198.3958, 25.3766],
  "mixed_4/tower_1/conv_4": [-593.3216, 19.2081],
  "mixed_4/tower_2/conv": [-400.8807, -77.1914],
  "mixed_5/conv": [-186.553, -1.7498],
  "mixed_5/tower/conv": [-383.064, -35.8006],
  "mixed_5/tower/conv_1": [-419.8004, 15.3701],
  "mixed_5/tower/conv_2": [-576.4633, 18.955],
  "mixed_5/tower_1/conv": [-372.6183, -26.6431],
  "mixed_5/tower_1/conv_1": [-384.5966, 15.6682],
  "mixed_5/tower_1/conv_2": [-258.7196, 6.7953],
  "mixed_5/tower_1/conv_3": [-380.0291, 32.6285],
  "mixed_5/tower_1/conv_4": [-588.0073, 64.1156],
  "mixed_5/tower_2/conv": [-772.2487, -31.1167],
  "mixed_6/conv": [-343.0585, 16.1237],
  "mixed_6/tower/conv": [-435.2111, -18.3605],
  "mixed_6/tower/conv_1": [-614.7744, 11.4493],
  "mixed_6/tower/conv_2": [-781.6506, 35.2452],
  "mixed_6/tower_1/conv": [-426.8869, -28.7883],
  "mixed_6/tower_1/conv_1": [-609.2508, 13.5779],
  "mixed_6/tower_1/conv_2": [-507.2373, -3.2321],
  "mixed_6/tower_1/conv_3": [-654.4721, 60.3231],
  "mixed_6/tower_1/conv_4": [-787.3416, 87.351],
  "mixed_6/tower_2/conv": [-867.9434, 9.4635],
  "mixed_7/conv": [-760.5305, -58.1262],
  "mixed_7/tower/conv": [-649.5224, -55.6853],
  "mixed_7/tower/conv_1": [-928.8579, 1.4396],
  "mixed_7/tower/conv_2": [-1033.8836, -5.7108],
  "mixed_7/tower_1/conv": [-616.5058, -32.6124],
  "mixed_7/tower_1/conv_1": [-866.5104, 0.5939],
  "mixed_7/tower_1/conv_2": [-827.8053, 18.6819],
  "mixed_7/tower_1/conv_3": [-1069.516, 68.8795],
  "mixed_7/tower_1/conv_4": [-1233.2425, 44.6927],
  "mixed_7/tower_2/conv": [-1211.6616, -65.1271],
  "mixed_8/tower/conv": [-2293.1246, -40.0173],
  "mixed_8/tower/conv_1": [-4028.638, 5.4855],
  "mixed_8/tower_1/conv": [-2007.9681, -16.022],
  "mixed_8/tower_1/conv_1": [-1070.8416, 70.8236],
  "mixed_8/tower_1/conv_2": [-681.2419, -19.8799],
  "mixed_8/tower_1/conv_3": [-1137.3374, 69.3509],
  "mixed_9/conv": [-1401.8544, -117.8186],
  "mixed_9/tower/conv": [-1419.0722, -59.4018],
  "mixed_9/tower/mixed/conv": [-3420.6166, -126.5107],
  "mixed_9/tower/mixed/conv_1": [-3203.7044, -121.8389],
  "mixed_9/tower_1/conv": [-1303.8417, -141.1365],
  "mixed_9/tower_1/conv_1": [undefined, 28.0372],
  "mixed_9/tower_1/mixed/conv": [-4081.4077, 97.1481],
  "mixed_9/tower_1/mixed/conv_1": [-4160.1447, 167.8442],
  "mixed_9/tower_2/conv": [-1220.2484, -27.9865],
};

/** Numbers folded in another order or precision move a sum by far less than this share of their absolute sum. */
const TOLERANCE = 1e-5;
/** The sums above are rounded to four decimals. */
const ROUNDING = 1e-4;

function addsUpTo(values: Float32Array, expected: number | undefined): boolean {
  if (expected === undefined) return true;
  let sum = 0;
  let absolute = 0;
  for (const value of values) {
    sum += value;
    absolute += Math.abs(value);
  }
  return Math.abs(sum - expected) <= ROUNDING + TOLERANCE * absolute;
}

/** Whether these are the weights of 2015-12-05, as far as sums can tell. */
export function hasOfficialSums(weights: InceptionWeights): boolean {
  return CONVOLUTIONS.every(({ name }) => {
    const [weightSum, biasSum] = SUMS[name];
    return (
      addsUpTo(weights.get(`${name}/biases`)!, biasSum) &&
      addsUpTo(weights.get(`${name}/weights`)!, weightSum)
    );
  });
}
