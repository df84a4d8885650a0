//! The other side: llama.cpp, in a process of its own that answers with one line of JSON
//! to each prompt. Mapped, with flash attention and batches as its makers set them; on
//! graphics all of its layers are there.

use std::{
    io::{self, BufRead, BufReader, Write},
    num::NonZeroU32,
    process::{Command, Stdio},
    time::Instant,
};

use llama_cpp_2::{
    context::{LlamaContext, params::LlamaContextParams},
    llama_backend::LlamaBackend,
    llama_batch::LlamaBatch,
    model::{LlamaModel, params::LlamaModelParams},
    token::LlamaToken,
};
use serde::{Deserialize, Serialize};

use sotto_engine_protocol::Device;

use crate::{DEVICE, Plan, Run, Session, Trouble, WRITTEN, machine};

#[derive(Serialize, Deserialize)]
struct Answer {
    first: f64,
    writing: f64,
}

/// Runs this program again as the other side, with the same tokens.
pub fn session(plan: &Plan, prompts: &[Vec<u32>]) -> Result<Session, Trouble> {
    let begun = Instant::now();
    let mut process = Command::new(std::env::current_exe()?)
        .arg("llama")
        .arg(&plan.model)
        .args([plan.threads.to_string(), plan.context().to_string()])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let (Some(mut stdin), Some(stdout)) = (process.stdin.take(), process.stdout.take()) else {
        return Err("llama.cpp has no pipes".into());
    };
    let mut lines = BufReader::new(stdout).lines();
    let mut hear = || lines.next().ok_or("llama.cpp ended");
    hear()??;
    let load = begun.elapsed().as_secs_f64();
    let mut runs = Vec::new();
    for prompt in prompts {
        writeln!(stdin, "{}", serde_json::to_string(prompt)?)?;
        let Answer { first, writing } = serde_json::from_str(&hear()??)?;
        eprintln!("  {} tokens read in {first:.0} ms, {WRITTEN} written in {writing:.0}", prompt.len());
        runs.push(Run { prompt: prompt.len(), first, writing });
    }
    let (peak, card) = (machine::peak(process.id()), machine::of_the_card(process.id()));
    drop(stdin);
    process.wait()?;
    Ok(Session { load, runs, peak, card })
}

/// What that process does: `MODEL THREADS CONTEXT`, then prompts as lists of tokens.
pub fn serve(arguments: &[String]) -> Result<(), Trouble> {
    let [model, threads, context] = arguments else { return Err("llama MODEL THREADS CONTEXT".into()) };
    let threads = threads.parse()?;
    let mut backend = LlamaBackend::init()?;
    backend.void_logs();
    let layers = if DEVICE == Device::Cpu { 0 } else { u32::MAX };
    let params = LlamaModelParams::default().with_n_gpu_layers(layers);
    let model = LlamaModel::load_from_file(&backend, model, &params)?;
    let params = LlamaContextParams::default()
        .with_n_ctx(NonZeroU32::new(context.parse()?))
        .with_n_threads(threads)
        .with_n_threads_batch(threads);
    let mut context = model.new_context(&backend, params)?;
    // As our engine does when it loads: ready is what has answered once.
    answer(&mut context, &[LlamaToken(1), LlamaToken(2)], 1)?;
    println!("ready");
    for line in io::stdin().lines() {
        let prompt: Vec<i32> = serde_json::from_str(&line?)?;
        let prompt: Vec<LlamaToken> = prompt.into_iter().map(LlamaToken).collect();
        println!("{}", serde_json::to_string(&answer(&mut context, &prompt, WRITTEN)?)?);
    }
    Ok(())
}

/// Reads `prompt` and writes `count` tokens, always the likeliest.
fn answer(context: &mut LlamaContext<'_>, prompt: &[LlamaToken], count: u32) -> Result<Answer, Trouble> {
    context.clear_kv_cache();
    let begun = Instant::now();
    let mut batch = LlamaBatch::new(prompt.len(), 1);
    for (at, token) in prompt.iter().enumerate() {
        batch.add(*token, i32::try_from(at)?, &[0], at + 1 == prompt.len())?;
    }
    context.decode(&mut batch)?;
    let mut token = likeliest(context, batch.n_tokens() - 1);
    let first = begun.elapsed().as_secs_f64() * 1e3;
    for written in 1..count as usize {
        batch.clear();
        batch.add(token, i32::try_from(prompt.len() + written - 1)?, &[0], true)?;
        context.decode(&mut batch)?;
        token = likeliest(context, 0);
    }
    Ok(Answer { first, writing: begun.elapsed().as_secs_f64() * 1e3 - first })
}

fn likeliest(context: &LlamaContext<'_>, at: i32) -> LlamaToken {
    let logits = context.get_logits_ith(at);
    let best = (0..logits.len()).max_by(|a, b| logits[*a].total_cmp(&logits[*b])).unwrap_or(0);
    LlamaToken(i32::try_from(best).unwrap_or(0))
}
