//! Our side: the engine's own program, spoken to as the app speaks to it.

use std::{
    fs,
    io::{BufRead, BufReader, Lines, Write},
    net::TcpListener,
    path::PathBuf,
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use sotto_engine_protocol::{
    FromEngine, KEPT, Rules, RunId, Sampling, ToEngine, Turn, TurnRole, VERSION, decode, encode,
};

use crate::{DEVICE, Plan, Resumed, Run, Session, Trouble, WRITTEN, machine};

/// Loads the model, reads each prompt of the plan, and writes. Gives the prompts' tokens
/// too. In every round they are others, so that nothing is known from before.
pub fn session(plan: &Plan, round: usize) -> Result<(Session, Vec<Vec<u32>>), Trouble> {
    let scratch = Scratch::new()?;
    let begun = Instant::now();
    let mut engine = Engine::with_model(plan, &scratch, 0)?;
    let load = begun.elapsed().as_secs_f64();

    let (mut runs, mut prompts) = (Vec::new(), Vec::new());
    for (number, length) in plan.prompts.iter().enumerate() {
        let seed = round * plan.prompts.len() + number;
        let (turns, ids) = engine.prompt(*length, seed)?;
        runs.push(engine.answer(turns, *length / 8)?);
        prompts.push(ids);
    }
    let (peak, card) = (machine::peak(engine.process.id()), machine::of_the_card(engine.process.id()));
    Ok((Session { load, runs, peak, card }, prompts))
}

/// Milliseconds to the first token of the longest prompt, when it is read, and when a new
/// process takes up what the first one kept of it.
pub fn resumed(plan: &Plan) -> Result<Resumed, Trouble> {
    const PLENTY: u64 = 4 << 30;
    let (scratch, length) = (Scratch::new()?, plan.longest());
    let mut first = Engine::with_model(plan, &scratch, PLENTY)?;
    let (turns, _) = first.prompt(length, plan.rounds * plan.prompts.len())?;
    let read = first.answer(turns.clone(), length / 8)?.first;
    scratch.wait_until_kept()?;
    drop(first);
    let mut second = Engine::with_model(plan, &scratch, PLENTY)?;
    let taken_up = second.answer(turns, length)?.first;
    Ok(Resumed { length, read, taken_up })
}

/// A folder for one engine after another, gone in the end.
struct Scratch(PathBuf);

impl Scratch {
    fn new() -> Result<Self, Trouble> {
        let folder = std::env::temp_dir().join(format!("sotto-bench-{}", std::process::id()));
        fs::create_dir_all(&folder)?;
        Ok(Self(folder))
    }

    /// Waits until nothing more is kept for a while.
    fn wait_until_kept(&self) -> Result<(), Trouble> {
        let count = || fs::read_dir(self.0.join(KEPT)).map(Iterator::count);
        let (mut before, mut now) = (0, count()?);
        while now == 0 || now != before {
            thread::sleep(Duration::from_secs(1));
            (before, now) = (now, count()?);
        }
        Ok(())
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

struct Engine {
    process: Child,
    stdin: ChildStdin,
    lines: Lines<BufReader<ChildStdout>>,
    runs: u64,
}

impl Engine {
    fn start(plan: &Plan) -> Result<Self, Trouble> {
        let mut process = Command::new(&plan.engine)
            .env("SOTTO_ENGINE_THREADS", plan.threads.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let (Some(stdin), Some(stdout)) = (process.stdin.take(), process.stdout.take()) else {
            return Err("the engine has no pipes".into());
        };
        let mut engine = Self { process, stdin, lines: BufReader::new(stdout).lines(), runs: 1 };
        // Nobody stands behind this door, so the engine takes it for barred.
        let door = TcpListener::bind("127.0.0.1:0")?.local_addr()?.to_string();
        engine.say(&ToEngine::Hello { version: VERSION, door, nonce: String::new() })?;
        engine.hear_until(|message| matches!(message, FromEngine::Hello { .. }))?;
        Ok(engine)
    }

    /// Started, and with the plan's model loaded; it keeps so many bytes of what it reads.
    fn with_model(plan: &Plan, scratch: &Scratch, disk_cache_bytes: u64) -> Result<Self, Trouble> {
        let mut engine = Self::start(plan)?;
        engine.say(&ToEngine::Load {
            run: RunId(1),
            path: plan.model.clone(),
            scratch: scratch.0.clone(),
            exact: false,
            context: plan.context(),
            prefix_cache_tokens: 0,
            disk_cache_bytes,
            device: DEVICE,
        })?;
        let loaded = engine.hear_until(|message| matches!(message, FromEngine::Loaded { .. }))?;
        if let FromEngine::Loaded { model, .. } = loaded
            && let Some(sentence) = model.fell_back
        {
            return Err(sentence.into());
        }
        Ok(engine)
    }

    fn say(&mut self, message: &ToEngine) -> Result<(), Trouble> {
        Ok(self.stdin.write_all(encode(message)?.as_bytes())?)
    }

    fn hear_until(&mut self, wanted: impl Fn(&FromEngine) -> bool) -> Result<FromEngine, Trouble> {
        loop {
            let line = self.lines.next().ok_or("the engine ended")??;
            match decode(line.as_bytes())? {
                FromEngine::Failed { message, .. } => return Err(message.into()),
                message if wanted(&message) => return Ok(message),
                _ => {}
            }
        }
    }

    /// A talk of just so many tokens, and what they are. It is made of digits: each is a
    /// token of its own, in this vocabulary as in the real one.
    fn prompt(&mut self, length: usize, seed: usize) -> Result<(Vec<Turn>, Vec<u32>), Trouble> {
        let around = self.count(&[digits(length, seed)])?.len() - length;
        let turns = vec![digits(length - around, seed)];
        let ids = self.count(&turns)?;
        if ids.len() != length {
            return Err(format!("the prompt has {} tokens, not {length}", ids.len()).into());
        }
        Ok((turns, ids))
    }

    fn count(&mut self, turns: &[Turn]) -> Result<Vec<u32>, Trouble> {
        self.runs += 1;
        self.say(&ToEngine::CountTokens { run: RunId(self.runs), turns: turns.into(), ids: true })?;
        match self.hear_until(|message| matches!(message, FromEngine::Counted { .. }))? {
            FromEngine::Counted { ids, .. } => Ok(ids),
            _ => Err("the engine did not count".into()),
        }
    }

    /// Has `turns` answered, of which at most `known` tokens may have been read before.
    fn answer(&mut self, turns: Vec<Turn>, known: usize) -> Result<Run, Trouble> {
        self.runs += 1;
        let begun = Instant::now();
        self.say(&ToEngine::Generate {
            run: RunId(self.runs),
            turns,
            sampling: Sampling::GREEDY,
            rules: Rules::default(),
            max_tokens: Some(WRITTEN),
            top_logprobs: 0,
            ignore_eos: true,
        })?;
        let FromEngine::Done { usage, timings, .. } =
            self.hear_until(|message| matches!(message, FromEngine::Done { .. }))?
        else {
            return Err("the engine did not end its answer".into());
        };
        let first = timings.reading_ms as f64;
        let writing = begun.elapsed().as_secs_f64() * 1e3 - first;
        if usage.completion_tokens != WRITTEN || usage.reused_tokens as usize > known {
            return Err(format!("not what was asked for: {usage:?}").into());
        }
        let prompt = usage.prompt_tokens as usize;
        eprintln!("  {prompt} tokens read in {first:.0} ms, {WRITTEN} written in {writing:.0}");
        Ok(Run { prompt, first, writing })
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn digits(count: usize, seed: usize) -> Turn {
    let mut state = seed as u64;
    let digit = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        char::from(b'0' + u8::try_from((state >> 33) % 10).unwrap_or(0))
    };
    Turn::text(TurnRole::User, std::iter::repeat_with(digit).take(count).collect::<String>())
}
