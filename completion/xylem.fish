# fish completion for xylem

function __xylem_complete
    set -l before (commandline -opc)
    set -l current (commandline -ct)
    set -l option (string match -r -- '^--[^=]*=' "$current")
    for line in ($before[1] completion --words -- $before[2..-1] "$current" 2>/dev/null)
        switch $line
            case :files
                __fish_complete_path (string replace -- "$option" '' "$current") | string replace -r -- '^' "$option"
            case :directories
                __fish_complete_directories (string replace -- "$option" '' "$current") '' | string replace -r -- '^' "$option"
            case '*'
                printf '%s\n' $line
        end
    end
end

complete -c xylem -f -k -a '(__xylem_complete)'
