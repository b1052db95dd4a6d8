#!/bin/sh
# Builds @tensorflow/tfjs-node against the libtensorflow inside Python's tensorflow-cpu package, in a new folder, for
# machines where tfjs-node's own installer cannot download libtensorflow. Needs pip, npm, unzip, a C++ compiler and
# Node's headers (NODE_HEADERS, default /usr, holds include/node).
#
#   bench/peers/build-tfjs-node.sh FOLDER
#
# Afterwards FOLDER/node_modules/@tensorflow/tfjs-node works; 1.1 GB on disk.
set -eu
folder=$1
tensorflow=2.15.1
tfjs_node=4.22.0
mkdir -p "$folder"
cd "$folder"
folder=$(pwd)

# Any interpreter will do for the download: only the libraries and headers of the package are used.
python3 -m pip download --no-deps --only-binary :all: --python-version 3.11 --dest wheel "tensorflow-cpu==$tensorflow"
unzip -q -o wheel/tensorflow_cpu-*.whl 'tensorflow/include/*' 'tensorflow/libtensorflow_*' -d tensorflow-cpu

[ -f package.json ] || npm init -y >/dev/null
npm install --ignore-scripts "@tensorflow/tfjs-node@$tfjs_node" node-gyp@12

addon=$folder/node_modules/@tensorflow/tfjs-node
mkdir -p "$addon/deps/lib"
ln -sfn "$folder/tensorflow-cpu/tensorflow/include" "$addon/deps/include"
for library in cc framework; do
  ln -sf "$folder/tensorflow-cpu/tensorflow/libtensorflow_$library.so.2" "$addon/deps/lib/"
done
# The names that binding.gyp links with: libtensorflow_cc exports the C interface, too.
ln -sf libtensorflow_cc.so.2 "$addon/deps/lib/libtensorflow.so"
ln -sf libtensorflow_framework.so.2 "$addon/deps/lib/libtensorflow_framework.so"
cd "$addon"
"$folder/node_modules/.bin/node-gyp" rebuild --nodedir="${NODE_HEADERS:-/usr}" -- \
  -Dmodule_name=tfjs_binding "-Dmodule_path=$addon/lib/napi-v8" -Dnapi_build_version=8
cd "$folder"
node -e 'const tf = require("@tensorflow/tfjs-node"); console.log(tf.getBackend(), tf.backend().binding.TF_Version)'
