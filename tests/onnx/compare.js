// node compare.js NODE_MODULES FOLDERS: ONNX Runtime infers what the .json beside every .onnx says, for the whole batch and
// for its first sample alone.
const fs = require('fs')
const path = require('path')
const [modules, ...folders] = process.argv.slice(2)
const ort = require(path.join(modules, 'onnxruntime-node'))

async function run(session, shape, numbers) {
  const input = new ort.Tensor('float32', Float32Array.from(numbers), shape)
  return (await session.run({input})).output
}

function apart(found, expected) {
  if (found.length !== expected.length) return Infinity
  const most = Math.max(...expected.map(Math.abs))
  const worst = expected.reduce((w, y, i) => Math.max(w, Math.abs(y - found[i])), 0)
  return Number.isNaN(worst) ? Infinity : most === 0 ? worst : worst / most
}

async function main() {
  const names = folders.flatMap(folder => fs.readdirSync(folder).filter(f => f.endsWith('.onnx'))
    .map(f => path.join(folder, f.slice(0, -5))))
  let wrong = 0
  let worst = 0
  for (const name of names) {
    const {shape, x, y} = JSON.parse(fs.readFileSync(name + '.json'))
    let differs
    try {
      const session = await ort.InferenceSession.create(name + '.onnx')
      const one = [1, ...shape.slice(1)]
      const all = await run(session, shape, x)
      const first = await run(session, one, x.slice(0, x.length / shape[0]))
      if (all.dims[0] !== shape[0] || first.dims[0] !== 1) throw new Error('the batch is not the first dimension')
      differs = Math.max(apart(all.data, y), apart(first.data, y.slice(0, y.length / shape[0])))
    } catch (failure) {
      console.log(`${path.basename(name)}: ${failure.message}`)
      differs = Infinity
    }
    worst = Math.max(worst, differs)
    if (differs > 1e-4) ++wrong, console.log(`${path.basename(name)}: outputs are apart by ${differs} of the largest`)
  }
  console.log(`${names.length} networks in ONNX Runtime, apart by at most ${worst.toExponential(1)} of the largest output`)
  process.exit(wrong === 0 && names.length > 0 ? 0 : 1)
}
main()
