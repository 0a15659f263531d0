'use server'
import { redirect } from 'next/navigation'

/** Ends this browser's sign-in. */
export async function signOutHere(): Promise<void> {
  redirect('/sign-in')
}
