import * as wasm from '@cedar-policy/cedar-wasm/nodejs'
import { PreparedStatements } from '#lib/policy/cedar'
const mem = () => Math.round(process.memoryUsage().rss/1e6)+' rss '+Math.round(process.memoryUsage().external/1e6)+' ext '+Math.round((wasm as any).__wasm?.memory?.buffer?.byteLength/1e6)
console.log(Object.keys(wasm).length, mem())
const text = (i:number)=>`@reason("Rule ${i}.")
forbid (principal in Group::"team-${i}", action == Action::"execute", resource)
when { context has sql && context.sql.writes.contains("private.t${i}") && !(resource.hasTag("env") && resource.getTag("env") == "test") };`
const many = (n:number, o=0)=>Object.fromEntries(Array.from({length:n},(_,i)=>['r'+(i+o),text(i+o)]))
let t=performance.now()
const a = new PreparedStatements(many(500)); console.log('500 prep ms', performance.now()-t, mem())
const list=[]; t=performance.now()
for(let i=0;i<20;i++) list.push(new PreparedStatements(many(500)))
console.log('20x500', performance.now()-t, mem())
for(const l of list) l.release()
t=performance.now()
for (let r=0;r<10;r++){ const l=Array.from({length:20},(_,i)=>new PreparedStatements(many(500,i*500))); for(const x of l) x.release(); console.log(r, mem()) }
console.log('200x500', performance.now()-t)
// names cost
const uid={type:'Agent',id:'x'}, res={type:'Connection',id:'c'}
const q=(n:number)=>({principal:uid,resource:res,entities:[{uid,attrs:{name:'a',owner:''},parents:[{type:'Group',id:'g'}]},{uid:res,attrs:{name:'c',protocol:'p',database:'d'},parents:[],tags:{}}],context:{sql:{writes:Array.from({length:n},(_,i)=>'public.table_number_'+i)}}})
for (const n of [0,1,10,100,1000,10000,100000]) { const qq=q(n); let best=1e9; for(let k=0;k<(n>5000?3:50);k++){t=performance.now(); a.ask(qq as any); best=Math.min(best,performance.now()-t)} console.log('names',n,'best ms',best.toFixed(3)) }
const b=new PreparedStatements(many(6)); for (const n of [0,100,1000,10000,100000]) { const qq=q(n); let best=1e9; for(let k=0;k<(n>5000?3:200);k++){t=performance.now(); b.ask(qq as any); best=Math.min(best,performance.now()-t)} console.log('6 policies names',n,'best ms',best.toFixed(3)) }
// like
const L=new PreparedStatements({x:`forbid(principal,action,resource) when { context.s like "${'*a'.repeat(100)}*b" };`}); t=performance.now(); console.log(L.ask({...q(0),context:{s:'a'.repeat(100000)}} as any), 'like ms', performance.now()-t)
