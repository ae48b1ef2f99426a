//! Decodes the pieces that a call wants, with all that they need themselves, until it has what was asked for.

use super::cache::{self, View, What};
use super::container::Stored;
use super::decode::{Body, Own};
use super::flights::{Claim, Decoded, Ticket};
use super::work::{Step, Stop, Want, Wanted, Work, needs_itself};
use crate::error::{Error, Result};
use std::sync::Arc;

/// A piece that is wanted, on its way.
struct Task<'a> {
    wanted: Wanted,
    ticket: Option<Ticket<'a>>,
    /// What is stored, as far as it is decoded; None if the task has not begun.
    body: Option<Body>,
}

impl From<Wanted> for Task<'_> {
    fn from(wanted: Wanted) -> Self {
        Task { wanted, ticket: None, body: None }
    }
}

impl Task<'_> {
    fn name(&self) -> String {
        let Wanted { column, piece, want, .. } = &self.wanted;
        let own = if matches!(want, Want::Bytes) { "" } else { ", which it is coded with" };
        format!("basket {} of branch {}{own}: ", piece.number, column.info.name)
    }
}

impl<'a> Work<'a> {
    /// Calls `attempt` until it has all that it needs.
    pub fn run<T>(&mut self, mut attempt: impl FnMut(&mut Self) -> Step<T>) -> Result<T> {
        loop {
            match attempt(self) {
                Ok(done) => return Ok(done),
                Err(Stop::Failed(error)) => return Err(error),
                Err(Stop::Wanted) => self.supply()?,
            }
        }
    }

    /// Decodes what is wanted and all that it needs.
    fn supply(&mut self) -> Result<()> {
        // a model's earlier columns first: they need the fewest others
        let mut tasks: Vec<Task> = self.wanted.drain(..).rev().map(Task::from).collect();
        while let Some(mut task) = tasks.pop() {
            match self.proceed(&mut task) {
                Ok(()) => {}
                Err(Stop::Failed(error)) => return Err(error.within(&task.name())),
                Err(Stop::Wanted) => {
                    tasks.push(task);
                    tasks.extend(self.wanted.drain(..).rev().map(Task::from));
                }
            }
        }
        Ok(())
    }

    fn proceed(&mut self, task: &mut Task<'a>) -> Step<()> {
        let (id, what) = ((task.wanted.column.id, task.wanted.piece.number), task.wanted.want.what());
        let key = self.key(&task.wanted.column, &task.wanted.piece);
        if task.body.is_none() {
            if self.view(&task.wanted.column, &task.wanted.piece, what).is_some() {
                return Ok(()); // another one needed it, too
            }
            if !self.in_work.insert(id) {
                return Err(needs_itself().into());
            }
            if let Some(key) = key {
                let known = match self.store.flights.claim(key, &self.call) {
                    Claim::Circle => return Err(needs_itself().into()),
                    Claim::Landed(decoded) => Some(decoded),
                    Claim::Alone => None,
                    Claim::Mine(ticket) => {
                        task.ticket = Some(ticket);
                        // it may have been decoded since it was wanted
                        if self.view(&task.wanted.column, &task.wanted.piece, what).is_some() {
                            task.ticket = None;
                            self.in_work.remove(&id);
                            return Ok(());
                        }
                        None
                    }
                };
                let cached = || match cache::find(key, What::Bytes) {
                    Some(View::Bytes(bytes)) => Some(Decoded { bytes: Some(bytes), context: None }),
                    _ => None,
                };
                if let Some(decoded) = known.or_else(cached)
                    && let Some(view) = task.wanted.want.view(&decoded, task.wanted.len)?
                {
                    self.finish(task, decoded, view);
                    return Ok(());
                }
            }
            let container = &self.store.container;
            let stored: Stored = self.call.back(|| container.stored(id.0, id.1))?;
            task.body = Some(Body::new(stored, task.wanted.len, &task.wanted.piece)?);
        }
        let Some(body) = &mut task.body else { return Ok(()) };
        self.unpack(&task.wanted.column, &task.wanted.piece, body)?;
        let Body { raw, own, .. } = std::mem::take(body);
        let by_model = matches!(own, Own::Model(_));
        let context = match own {
            Own::Model(context) => context,
            Own::None | Own::Several => None,
        };
        let decoded = Decoded { bytes: Some(Arc::new(raw)), context };
        let view = match task.wanted.want.view(&decoded, task.wanted.len)? {
            Some(view) => view,
            None => return Err(Error::corrupt("it is of another length; the file is damaged").into()),
        };
        if let Some(key) = key {
            if let Some((model, column, context)) = &decoded.context {
                let what = What::Context { model: *model, column: *column };
                cache::keep(key, what, View::Context(Arc::clone(context)));
            }
            // who asks for the piece itself must not decode it again
            if let (true, Some(bytes)) = (by_model && !matches!(task.wanted.want, Want::Bytes), &decoded.bytes) {
                cache::keep(key, What::Bytes, View::Bytes(Arc::clone(bytes)));
            }
            if !matches!(task.wanted.want, Want::Bytes) {
                cache::keep(key, what, view.clone());
            }
        }
        self.finish(task, decoded, view);
        Ok(())
    }

    fn finish(&mut self, task: &mut Task<'a>, decoded: Decoded, view: View) {
        let id = (task.wanted.column.id, task.wanted.piece.number);
        self.views.insert((id.0, id.1, task.wanted.want.what()), view);
        self.in_work.remove(&id);
        if let Some(ticket) = task.ticket.take() {
            ticket.land(|_| decoded);
        }
    }
}
