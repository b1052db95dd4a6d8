"""The gap-filled network as a GraphDef of the 2015 graph's node names, for programs that import that with TensorFlow.

Resize and scale are in it, `ExpandDims` is its input; batch norm is folded into the convolutions.
"""

from gap_fill import partial_to_filled


def tensors_to_graph_def(tensors):
    import tensorflow.compat.v1 as tf

    def convolve(x, name, stride=1, padding="SAME"):
        y = tf.nn.conv2d(x, tf.constant(tensors[f"{name}/weights"]), strides=stride, padding=padding)
        return tf.nn.relu(tf.nn.bias_add(y, tf.constant(tensors[f"{name}/biases"])), name=name)

    def chain(x, prefix, names, stride=1, padding="SAME"):
        """Convolutions one after another; stride and padding are the last one's."""
        for name in names[:-1]:
            x = convolve(x, f"{prefix}/{name}")
        return convolve(x, f"{prefix}/{names[-1]}", stride, padding)

    def shrink(x, name=None):
        return tf.nn.max_pool(x, 3, 2, "VALID", name=name)

    def pooled(x, block, pool):
        return convolve(pool(x, 3, 1, "SAME"), f"{block}/tower_2/conv")

    def numbered(count):
        return ["conv", *(f"conv_{i}" for i in range(1, count))]

    def plain(x, block, tower, tower_1):
        parts = [convolve(x, f"{block}/conv")]
        parts += [chain(x, f"{block}/tower", numbered(tower)), chain(x, f"{block}/tower_1", numbered(tower_1))]
        return tf.concat([*parts, pooled(x, block, tf.nn.avg_pool)], 3)

    def forked(x, block, pool):
        parts = [convolve(x, f"{block}/conv")]
        for tower, length in (("tower", 1), ("tower_1", 2)):
            stem = chain(x, f"{block}/{tower}", numbered(length))
            parts += [convolve(stem, f"{block}/{tower}/mixed/{name}") for name in ("conv", "conv_1")]
        return tf.concat([*parts, pooled(x, block, pool)], 3)

    with tf.Graph().as_default() as graph:
        x = tf.placeholder(tf.float32, [None, None, None, 3], name="ExpandDims")
        x = (tf.image.resize_bilinear(x, [299, 299]) - 128) * 0.0078125
        x = convolve(convolve(x, "conv", 2, "VALID"), "conv_1", padding="VALID")
        x = shrink(convolve(x, "conv_2"))
        x = shrink(convolve(convolve(x, "conv_3"), "conv_4", padding="VALID"))
        for block in ("mixed", "mixed_1", "mixed_2"):
            x = plain(x, block, 2, 3)
        parts = [convolve(x, "mixed_3/conv", 2, "VALID")]
        x = tf.concat([*parts, chain(x, "mixed_3/tower", numbered(3), 2, "VALID"), shrink(x)], 3)
        for block in ("mixed_4", "mixed_5", "mixed_6", "mixed_7"):
            x = plain(x, block, 3, 5)
        towers = [("tower", 2), ("tower_1", 4)]
        parts = [chain(x, f"mixed_8/{tower}", numbered(length), 2, "VALID") for tower, length in towers]
        x = tf.concat([*parts, shrink(x)], 3)
        x = forked(x, "mixed_9", tf.nn.avg_pool)
        x = forked(x, "mixed_10", tf.nn.max_pool)
        x = tf.reshape(tf.nn.avg_pool(x, 8, 1, "VALID", name="pool_3"), [-1, 2048])
        tf.matmul(x, tf.constant(tensors["softmax/weights"]), name="softmax/logits/MatMul")
    return graph.as_graph_def()


def write_graph_def(partial, path):
    with open(path, "wb") as file:
        file.write(tensors_to_graph_def(partial_to_filled(partial)).SerializeToString())
